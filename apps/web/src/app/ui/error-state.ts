import { Component, input, output } from '@angular/core';
import { LucideCircleAlert, LucideRotateCw } from '@lucide/angular';
import { Button } from './button';

/** What failed, why, and a retry. */
@Component({
  selector: 'pz-error-state',
  imports: [Button, LucideCircleAlert, LucideRotateCw],
  host: { role: 'alert' },
  template: `
    <svg lucideCircleAlert size="1rem"></svg>
    <div>
      <b>{{ heading() }}</b>
      <p class="muted">{{ cause() }}</p>
      @if (reference(); as id) {
        <p class="faint">
          Request <code>{{ id }}</code>
        </p>
      }
    </div>
    @if (canRetry()) {
      <button pzButton type="button" (click)="retry.emit()"><svg lucideRotateCw></svg>Retry</button>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr) auto;
      gap: 10px;
      align-items: start;
      padding: 12px 14px;
      border: 1px solid color-mix(in srgb, var(--bad) 35%, var(--border));
      border-radius: var(--radius);
      background: color-mix(in srgb, var(--bad-bg) 60%, transparent);
    }
    :host > svg {
      margin-top: 2px;
      color: var(--bad);
    }
    b {
      font-weight: 600;
    }
    p {
      overflow-wrap: anywhere;
    }
    @container (max-width: 320px) {
      :host {
        grid-template-columns: auto minmax(0, 1fr);
      }
      button {
        grid-column: 2;
        justify-self: start;
      }
    }
  `,
})
export class ErrorState {
  readonly heading = input.required<string>();
  readonly cause = input.required<string>();
  readonly reference = input<string>();
  readonly canRetry = input(true);
  readonly retry = output();
}
