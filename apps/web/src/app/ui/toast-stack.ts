import { Component, input, output } from '@angular/core';
import { LucideX } from '@lucide/angular';
import { Button } from './button';
import { IconButton } from './icon-button';

interface ToastItem {
  id: number;
  text: string;
  tone: 'plain' | 'bad';
  actionLabel?: string;
}

/** Short messages below the header, announced politely: at the lower edge they would cover the composer and the last words. */
@Component({
  selector: 'pz-toast-stack',
  imports: [Button, IconButton, LucideX],
  host: { role: 'status', 'aria-live': 'polite' },
  template: `
    @for (toast of toasts(); track toast.id) {
      <div [class.bad]="toast.tone === 'bad'">
        <span>{{ toast.text }}</span>
        @if (toast.actionLabel; as label) {
          <button pzButton type="button" (click)="acted.emit(toast.id)">{{ label }}</button>
        }
        <button pzIconButton type="button" label="Dismiss" (click)="dismissed.emit(toast.id)">
          <svg lucideX></svg>
        </button>
      </div>
    }
  `,
  styles: `
    :host {
      position: fixed;
      z-index: 50;
      inset: calc(61px + env(safe-area-inset-top)) 0 auto;
      display: grid;
      justify-items: center;
      gap: 8px;
      padding-inline: 12px;
      pointer-events: none;
    }
    div {
      display: flex;
      align-items: center;
      gap: 8px;
      max-width: 560px;
      padding: 6px 6px 6px 14px;
      border: 1px solid var(--border);
      border-radius: 10px;
      background: var(--raised);
      box-shadow: var(--shadow);
      pointer-events: auto;
      animation: enter var(--slow) var(--ease);
    }
    .bad {
      border-color: color-mix(in srgb, var(--bad) 45%, var(--border));
    }
    @keyframes enter {
      from {
        opacity: 0;
        transform: translateY(-8px);
      }
    }
  `,
})
export class ToastStack {
  readonly toasts = input.required<readonly ToastItem[]>();
  readonly acted = output<number>();
  readonly dismissed = output<number>();
}
