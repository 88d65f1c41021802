import { Component, input, signal } from '@angular/core';
import { LucideCheck, LucideCopy } from '@lucide/angular';
import { copyText } from './copy-text';

/** An id, key or command that copies with a click. */
@Component({
  selector: 'pz-copyable',
  imports: [LucideCheck, LucideCopy],
  template: `
    <button type="button" title="Copy" (click)="copy()">
      <span class="sr-only">Copy {{ label() }}</span>
      <code>{{ shown() ?? text() }}</code>
      @if (state() === 'copied') {
        <svg lucideCheck size="0.8125rem" class="ok"></svg>
      } @else {
        <svg lucideCopy size="0.8125rem"></svg>
      }
    </button>
    <span class="sr-only" aria-live="polite">{{ message() }}</span>
  `,
  styles: `
    :host {
      display: inline-flex;
      max-width: 100%;
    }
    button {
      display: inline-flex;
      align-items: center;
      gap: 7px;
      max-width: 100%;
      padding: 2px 6px;
      border: 1px solid transparent;
      border-radius: var(--radius-s);
      background: none;
      color: var(--muted);
    }
    code {
      min-width: 0;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    svg {
      flex: none;
      color: var(--faint);
    }
    .ok {
      color: var(--ok);
    }
    button:hover {
      background: var(--hover);
      color: var(--text);
    }
    :host(.block) {
      display: flex;
    }
    :host(.block) button {
      width: 100%;
      justify-content: space-between;
      padding: 8px 10px;
      border-color: var(--border);
      background: var(--bg);
      color: var(--text);
    }
    :host(.block) code {
      white-space: pre-wrap;
      overflow-wrap: anywhere;
      text-align: start;
    }
  `,
})
export class Copyable {
  readonly text = input.required<string>();
  /** Shown instead of the text, for long ids. */
  readonly shown = input<string>();
  readonly label = input<string>();
  protected readonly state = signal<'idle' | 'copied' | 'failed'>('idle');
  protected readonly message = signal('');

  protected async copy(): Promise<void> {
    const isCopied = await copyText(this.text());
    this.state.set(isCopied ? 'copied' : 'failed');
    this.message.set(isCopied ? 'Copied' : 'The browser refused to copy; select the text instead');
    setTimeout(() => this.state.set('idle'), 1500);
  }
}
