import { Component, computed, inject, input } from '@angular/core';
import { LucideChevronRight, LucideZap } from '@lucide/angular';
import type { TriggerItem } from '../conversation/transcript-item';
import { Disclosure } from './disclosure';
import { dayAndTime } from './entry-time';

/** A trigger that came in: a postcard with its source, type and summary; the payload on demand. */
@Component({
  selector: 'pz-trigger-card',
  imports: [LucideChevronRight, LucideZap],
  template: `
    <div class="card">
      <span class="stamp"><svg lucideZap size="16"></svg></span>
      <div class="body">
        <div class="top">
          <b class="type">{{ item().type }}</b><span class="faint">{{ origin() }}</span>
        </div>
        <div class="muted">{{ item().summary }}</div>
      </div>
      @if (payload() !== null) {
        <button type="button" [attr.aria-expanded]="isOpen()" (click)="disclosure.toggle(item().key)">
          Payload <svg lucideChevronRight [class.open]="isOpen()"></svg>
        </button>
      }
    </div>
    @if (isOpen()) {
      <pre>{{ payload() }}</pre>
    }
  `,
  styles: `
    :host {
      display: block;
      border: 1px dashed var(--border);
      border-radius: var(--radius);
      background: var(--surface);
    }
    .card {
      display: grid;
      grid-template-columns: 34px minmax(0, 1fr) auto;
      gap: 12px;
      align-items: center;
      padding: 9px 12px;
    }
    .stamp {
      display: grid;
      place-items: center;
      width: 34px;
      height: 34px;
      border-radius: 6px;
      background: var(--accent-bg);
      color: var(--accent);
    }
    .body {
      overflow-wrap: anywhere;
    }
    .type {
      margin-right: 8px;
    }
    button {
      display: inline-flex;
      align-items: center;
      gap: 6px;
      padding: 4px 6px;
      border: 0;
      border-radius: var(--radius-s);
      background: none;
      color: var(--muted);
      font: 500 0.75rem/1.125rem var(--sans);
    }
    button:hover {
      background: var(--hover);
      color: var(--text);
    }
    svg.open {
      transform: rotate(90deg);
    }
    pre {
      max-height: 320px;
      overflow: auto;
      padding: 10px 12px;
      border-top: 1px dashed var(--border);
      line-height: 1.1875rem;
    }
  `,
})
export class TriggerCard {
  readonly item = input.required<TriggerItem>();
  protected readonly disclosure = inject(Disclosure);
  protected readonly isOpen = computed(() => this.payload() !== null && this.disclosure.isOpen(this.item().key));
  protected readonly origin = computed(() =>
    [this.item().source, dayAndTime(this.item().ts)].filter(Boolean).join(' · '),
  );
  protected readonly payload = computed(() => {
    const { payload } = this.item();
    return payload === undefined ? null : JSON.stringify(payload, null, 2);
  });
}
