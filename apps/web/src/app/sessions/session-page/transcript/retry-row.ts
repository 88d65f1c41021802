import { Component, DestroyRef, computed, inject, input, signal } from '@angular/core';
import { LucideRotateCw } from '@lucide/angular';
import type { Retry } from '../conversation/conversation';

/** “Retrying 2 of 3 in 4 s”, counting down. */
@Component({
  selector: 'pz-retry-row',
  imports: [LucideRotateCw],
  template: `<svg lucideRotateCw></svg><span>{{ words() }}</span
    ><span class="cause">{{ retry().error }}</span>`,
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
  readonly retry = input.required<Retry>();
  private readonly now = signal(Date.now());
  protected readonly words = computed(() => {
    const { attempt, maxAttempts, dueAtMs } = this.retry();
    const seconds = Math.ceil((dueAtMs - this.now()) / 1000);
    return `Retrying ${attempt} of ${maxAttempts}${seconds > 0 ? ` in ${seconds} s` : ' now'}`;
  });

  constructor() {
    const timer = setInterval(() => this.now.set(Date.now()), 250);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }
}
