import { Component, computed, inject, input } from '@angular/core';
import { LucideBrain, LucideChevronRight } from '@lucide/angular';
import { durationText } from '../../../ui/time-text';
import { compactNumber } from '../conversation/number-words';
import type { ThinkingRow as Row } from '../conversation/row';
import { MarkdownView } from '../markdown/markdown-view';
import { Disclosure } from './disclosure';

/** The model's thinking: folded, with its duration, or its length if that is unknown. */
@Component({
  selector: 'pz-thinking-row',
  imports: [LucideBrain, LucideChevronRight, MarkdownView],
  template: `
    <button type="button" class="fold" [attr.aria-expanded]="isOpen()" (click)="disclosure.toggle(row().key)">
      <svg lucideBrain></svg>{{ words() }}<svg lucideChevronRight class="chevron"></svg>
    </button>
    @if (isOpen()) {
      <pz-markdown class="thought" [text]="row().text" />
    }
  `,
  styles: `
    .fold {
      display: inline-flex;
      align-items: center;
      gap: 8px;
      padding: 2px 6px 2px 0;
      border: 0;
      background: none;
      color: var(--faint);
      font-size: 0.75rem;
    }
    .fold:hover {
      color: var(--muted);
    }
    .thought {
      margin-top: 6px;
      padding-left: 12px;
      border-left: 1px solid var(--border-soft);
      color: var(--muted);
      font-size: 0.8125rem;
      line-height: 1.3125rem;
    }
  `,
})
export class ThinkingRow {
  readonly row = input.required<Row>();
  protected readonly disclosure = inject(Disclosure);
  protected readonly isOpen = computed(() => this.disclosure.isOpen(this.row().key));
  protected readonly words = computed(() => {
    const { isLive, durationMs, text } = this.row();
    if (isLive) return `Thinking · ${compactNumber(text.length)} characters`;
    if (durationMs !== null && durationMs > 0) return `Thought for ${durationText(durationMs)}`;
    return `Thought · ${compactNumber(text.length)} characters`;
  });
}
