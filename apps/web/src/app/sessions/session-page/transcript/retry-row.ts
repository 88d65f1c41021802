import { Component, DestroyRef, computed, inject, input, signal } from '@angular/core';
import { LucideRotateCw } from '@lucide/angular';
import { readProviderError } from '../conversation/provider-error';
import type { RetryRow as Row } from '../conversation/row';

/** “Retrying 2 of 3 in 4 s”, counting down; with the cause, unless the row before gives it. */
@Component({
  selector: 'pz-retry-row',
  imports: [LucideRotateCw],
  template: `<svg lucideRotateCw></svg><span>{{ words() }}</span>
    @if (cause()) {
      <span class="cause">{{ cause() }}</span>
    }`,
  styles: `
    :host {
      display: flex;
      align-items: baseline;
      gap: 8px;
      padding: 8px 12px;
      border: 1px solid color-mix(in srgb, var(--warn) 30%, var(--border));
      border-radius: var(--radius);
      background: color-mix(in srgb, var(--warn-bg) 60%, transparent);
    }
    svg {
      align-self: center;
      color: var(--warn);
    }
    .cause {
      min-width: 0;
      overflow-wrap: anywhere;
      color: var(--muted);
      font-size: 0.75rem;
    }
  `,
})
export class RetryRow {
  readonly row = input.required<Row>();
  protected readonly cause = computed(() => {
    const { isCauseSaid, retry } = this.row();
    return isCauseSaid ? '' : readProviderError(retry.error).sentence;
  });
  private readonly now = signal(Date.now());
  protected readonly words = computed(() => {
    const { attempt, maxAttempts, dueAtMs } = this.row().retry;
    const seconds = Math.ceil((dueAtMs - this.now()) / 1000);
    return `Retrying ${attempt} of ${maxAttempts}${seconds > 0 ? ` in ${seconds} s` : ' now'}`;
  });

  constructor() {
    const timer = setInterval(() => this.now.set(Date.now()), 250);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }
}
