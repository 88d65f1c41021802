import { Component, computed, inject, input, output } from '@angular/core';
import { LucideChevronRight, LucideWrench } from '@lucide/angular';
import type { ToolCall, ToolsRow } from '../conversation/row';
import { summarizeTool } from '../conversation/tool-summary';
import { Disclosure } from '../transcript/disclosure';
import { ToolCallRow } from './tool-call-row';
import { groupWords } from './group-words';

/** More finished calls in a row than this fold into one line. */
const FOLD_FROM = 5;

/** Consecutive tool calls in one frame; the many finished ones at its head folded. */
@Component({
  selector: 'pz-tool-group',
  imports: [LucideChevronRight, LucideWrench, ToolCallRow],
  host: { '[class.wide]': 'isWide()' },
  template: `
    @if (folded().length > 0) {
      <button type="button" class="fold" [attr.aria-expanded]="isOpen()" (click)="disclosure.toggle(key())">
        <svg lucideWrench></svg><span>{{ words() }}</span>
        <svg lucideChevronRight class="chevron"></svg>
      </button>
    }
    @for (call of shown(); track call.toolCallId) {
      <pz-tool-call-row [call]="call" [isWide]="isWide()" (imageOpened)="imageOpened.emit($event)" />
    }
  `,
  styles: `
    :host {
      display: block;
      border: 1px solid var(--border-soft);
      border-radius: var(--radius);
      overflow: hidden;
    }
    :host > * + * {
      border-top: 1px solid var(--border-soft);
    }
    .fold {
      display: flex;
      align-items: center;
      gap: 9px;
      width: 100%;
      min-height: 31px;
      padding: 5px 12px;
      border: 0;
      background: none;
      color: var(--muted);
      text-align: start;
    }
    .fold span {
      flex: 1;
    }
    .fold svg {
      color: var(--faint);
    }
    .fold:hover {
      background: var(--hover);
    }
  `,
})
export class ToolGroup {
  readonly row = input.required<ToolsRow>();
  readonly isWide = input(false);
  readonly imageOpened = output<string>();
  protected readonly disclosure = inject(Disclosure);
  protected readonly key = computed(() => `group:${this.row().key}`);
  protected readonly isOpen = computed(() => this.disclosure.isOpen(this.key()));
  /** The head of finished calls, up to the first that still runs; the last one stays in sight. */
  protected readonly folded = computed((): readonly ToolCall[] => {
    const { calls } = this.row();
    const firstOpen = calls.findIndex((call) => call.result === null);
    const finished = firstOpen === -1 ? calls.length - 1 : firstOpen;
    return finished >= FOLD_FROM ? calls.slice(0, finished) : [];
  });
  protected readonly shown = computed(() =>
    this.isOpen() ? this.row().calls : this.row().calls.slice(this.folded().length),
  );
  protected readonly words = computed(() => groupWords(this.folded().map((call) => summarizeTool(call))));
}
