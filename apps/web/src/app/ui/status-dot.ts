import { Component, input } from '@angular/core';

export type DotTone = 'working' | 'waiting' | 'idle' | 'away' | 'ok' | 'bad';

/**
 * A session's or runner's state as a dot: colour and shape both differ, and `label` says it in words. The halo of work
 * changes in opacity alone, which the compositor does without the main thread: many agents may work at the same time.
 */
@Component({
  selector: 'pz-status-dot',
  host: { role: 'img', '[class]': 'tone()', '[attr.aria-label]': 'label()', '[attr.title]': 'label()' },
  template: ``,
  styles: `
    :host {
      position: relative;
      display: inline-block;
      flex: none;
      width: 0.4375rem;
      height: 0.4375rem;
      border-radius: 50%;
      background: var(--faint);
      transition: background var(--slow) var(--ease);
    }
    :host(.working) {
      background: var(--accent);
    }
    :host(.working)::after {
      content: '';
      position: absolute;
      inset: -3px;
      border-radius: 50%;
      background: color-mix(in srgb, var(--accent) 26%, transparent);
      will-change: opacity;
    }
    @media (prefers-reduced-motion: no-preference) {
      :host(.working)::after {
        animation: pulse 2.4s ease-in-out infinite;
      }
    }
    :host(.waiting) {
      background: var(--warn);
    }
    :host(.ok) {
      background: var(--ok);
    }
    :host(.bad) {
      border-radius: 1px;
      background: var(--bad);
      transform: rotate(45deg) scale(0.92);
    }
    :host(.away) {
      background: none;
      border: 1.5px solid var(--faint);
    }
    @keyframes pulse {
      50% {
        opacity: 0.4;
      }
    }
  `,
})
export class StatusDot {
  readonly tone = input.required<DotTone>();
  readonly label = input.required<string>();
}
