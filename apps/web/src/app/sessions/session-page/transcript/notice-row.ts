import { Component, computed, inject, input } from '@angular/core';
import { LucideChevronRight, LucideInfo, LucideTriangleAlert } from '@lucide/angular';
import { Disclosure } from './disclosure';

/** A quiet line about the session: compaction, an abort, an error; more on demand. */
@Component({
  selector: 'pz-notice-row',
  imports: [LucideChevronRight, LucideInfo, LucideTriangleAlert],
  host: { '[class.bad]': "tone() === 'bad'" },
  template: `
    <div class="line">
      @if (tone() === 'bad') {
        <svg lucideTriangleAlert></svg>
      } @else {
        <svg lucideInfo></svg>
      }
      <span class="words"
        ><b>{{ heading() }}{{ words() ? ':' : '' }}</b>
        @if (words()) {
          <span class="said"> {{ words() }}</span>
        }
      </span>
      @if (detail()) {
        <button type="button" [attr.aria-expanded]="isOpen()" aria-label="More" (click)="disclosure.toggle(key())">
          <svg lucideChevronRight class="chevron"></svg>
        </button>
      }
      <ng-content />
    </div>
    @if (isOpen() && detail()) {
      <p [class.mono]="tone() === 'bad'">{{ detail() }}</p>
    }
  `,
  styles: `
    :host {
      display: block;
      color: var(--faint);
      font-size: 0.75rem;
    }
    .line {
      display: flex;
      align-items: flex-start;
      gap: 8px;
    }
    .line > svg {
      flex: none;
      margin-top: 3px;
    }
    .words {
      flex: 0 1 auto;
      overflow-wrap: anywhere;
    }
    b {
      font-weight: 500;
    }
    :host(.bad) {
      padding: 8px 12px;
      border: 1px solid color-mix(in srgb, var(--bad) 35%, var(--border));
      border-radius: var(--radius);
      background: color-mix(in srgb, var(--bad-bg) 60%, transparent);
      color: var(--text);
      font-size: 0.8125rem;
    }
    :host(.bad) .line > svg {
      color: var(--bad);
    }
    .said {
      color: var(--muted);
    }
    button {
      display: grid;
      place-items: center;
      flex: none;
      min-height: 20px;
      padding: 0 4px;
      border: 0;
      background: none;
      color: inherit;
    }
    p {
      margin-top: 6px;
      padding-left: 22px;
      max-width: 76ch;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
      color: var(--muted);
    }
  `,
})
export class NoticeRow {
  readonly key = input.required<string>();
  readonly heading = input.required<string>();
  /** Shown beside the heading. */
  readonly words = input('');
  /** Shown on demand. */
  readonly detail = input('');
  readonly tone = input<'quiet' | 'bad'>('quiet');
  protected readonly disclosure = inject(Disclosure);
  protected readonly isOpen = computed(() => this.disclosure.isOpen(this.key()));
}
