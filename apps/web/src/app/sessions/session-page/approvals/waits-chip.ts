import { Component, input, output } from '@angular/core';
import { LucideShieldQuestionMark } from '@lucide/angular';
import { Kbd } from '../../../ui/kbd';

/** Says that a question waits out of sight, and leads there. */
@Component({
  selector: 'pz-waits-chip',
  imports: [Kbd, LucideShieldQuestionMark],
  template: `
    <button type="button" aria-keyshortcuts="Control+J Meta+J" (click)="chosen.emit()">
      <svg lucideShieldQuestionMark></svg>{{ count() }} {{ count() === 1 ? 'waits' : 'wait' }} for you
      <pz-kbd combo="Mod+J" aria-hidden="true" />
    </button>
  `,
  styles: `
    button {
      display: inline-flex;
      align-items: center;
      gap: 8px;
      min-height: 30px;
      padding: 3px 12px;
      border: 1px solid color-mix(in srgb, var(--warn) 45%, var(--border));
      border-radius: 99px;
      background: var(--surface);
      box-shadow: var(--shadow);
      color: var(--warn);
      font: 600 0.75rem/1.125rem var(--sans);
    }
    button:hover {
      background: var(--hover);
    }
    @media (pointer: coarse) {
      button {
        min-height: 40px;
      }
      pz-kbd {
        display: none;
      }
    }
  `,
})
export class WaitsChip {
  readonly count = input.required<number>();
  readonly chosen = output();
}
