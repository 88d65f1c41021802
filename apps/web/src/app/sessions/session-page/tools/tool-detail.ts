import { Component, computed, input, output } from '@angular/core';
import { additions, type DiffLine, parseDiff, replacement } from '../conversation/diff-lines';
import { textField } from '../conversation/message-content';
import { revealed } from '../conversation/revealed';
import type { ToolCall } from '../conversation/row';
import { editsOf, toolState } from '../conversation/tool-summary';
import { imageUrl } from '../transcript/image-url';
import { DiffView } from './diff-view';
import { OutputDownload } from './output-download';
import { ToolOutput } from './tool-output';

/** About what fits into a row. */
const MAX_COMMAND = 70;

/** A tool call opened: its input, its changes, its output, its images. */
@Component({
  selector: 'pz-tool-detail',
  imports: [DiffView, OutputDownload, ToolOutput],
  template: `
    @if (command(); as text) {
      <pre class="input"><span class="prompt">$ </span>{{ text }}</pre>
    }
    @if (args(); as text) {
      <pre class="input">{{ text }}</pre>
    }
    @if (diff(); as lines) {
      <pz-diff-view [lines]="lines" [isWide]="isWide()" />
    }
    @if (output(); as text) {
      <pz-tool-output [text]="text" />
      @if (cut(); as it) {
        <pz-output-download [entryId]="it.entryId" [bytes]="it.bytes" />
      }
    }
    @for (image of images(); track $index) {
      <button type="button" class="thumb" aria-label="Open image" (click)="imageOpened.emit(image)">
        <img [src]="image" alt="" />
      </button>
    }
  `,
  styles: `
    :host {
      display: block;
      border-top: 1px solid var(--border-soft);
      background: var(--bg);
    }
    :host(:empty) {
      display: none;
    }
    .input {
      max-height: 200px;
      overflow: hidden auto;
      touch-action: pan-y pinch-zoom;
      padding: 8px 12px;
      line-height: 1.1875rem;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
    }
    .input + * {
      border-top: 1px solid var(--border-soft);
    }
    .prompt {
      color: var(--faint);
      user-select: none;
    }
    .thumb {
      margin: 8px 0 8px 12px;
      padding: 0;
      border: 1px solid var(--border);
      border-radius: var(--radius-s);
      background: none;
    }
    img {
      display: block;
      max-width: 320px;
      max-height: 200px;
    }
  `,
})
export class ToolDetail {
  readonly call = input.required<ToolCall>();
  readonly isWide = input(false);
  readonly imageOpened = output<string>();

  private readonly given = computed(() => this.call().args ?? this.call().running?.args);
  /** Only where the line above cuts it off. */
  protected readonly command = computed(() => {
    const command = this.call().toolName === 'bash' ? textField(this.given(), 'command') : '';
    return command.length > MAX_COMMAND || command.includes('\n') ? revealed(command) : '';
  });
  protected readonly args = computed(() => {
    const args = this.given();
    const isSaid = isBuiltIn(this.call().toolName) || args === undefined || JSON.stringify(args) === '{}';
    return isSaid ? '' : JSON.stringify(args, null, 2);
  });
  protected readonly diff = computed((): readonly DiffLine[] | null => {
    const { toolName, result } = this.call();
    if (toolName === 'write') return additions(textField(this.given(), 'content'));
    if (toolName !== 'edit' || toolState(this.call()) === 'failed') return null;
    const known = parseDiff(textField(result?.details, 'diff'));
    if (known.length > 0) return known;
    return editsOf(this.given()).flatMap(({ oldText, newText }) => replacement(oldText, newText));
  });
  protected readonly output = computed(() => {
    const { result, running, argsText } = this.call();
    // A change that went well says no more than its diff.
    if (result !== null) return this.diff() !== null && !result.isError ? '' : result.text;
    if (running !== null) return running.output.length > 0 ? running.output : '';
    return argsText ?? '';
  });
  /** What is shown is only the beginning of the result. */
  protected readonly cut = computed(() => {
    const { entryId, outputBytes: bytes } = this.call().result ?? {};
    return entryId === undefined || bytes === undefined || bytes === null ? null : { entryId, bytes };
  });
  protected readonly images = computed(() => this.call().result?.images.map(imageUrl) ?? []);
}

function isBuiltIn(toolName: string): boolean {
  return ['bash', 'read', 'write', 'edit'].includes(toolName);
}
