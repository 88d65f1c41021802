import { Component, input } from '@angular/core';

/** A small word or number with a tone. */
@Component({
  selector: 'pz-badge',
  host: { '[class]': 'tone()' },
  template: `<ng-content />`,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 4px;
      padding: 0 7px;
      border-radius: 99px;
      font: 600 0.65625rem/1.125rem var(--sans);
      white-space: nowrap;
      background: var(--accent-bg);
      color: var(--accent);
    }
    :host(.plain) {
      background: var(--raised);
      color: var(--muted);
      box-shadow: inset 0 0 0 1px var(--border);
      font-weight: 500;
    }
    :host(.ok) {
      background: var(--ok-bg);
      color: var(--ok);
    }
    :host(.warn) {
      background: var(--warn-bg);
      color: var(--warn);
    }
    :host(.bad) {
      background: var(--bad-bg);
      color: var(--bad);
    }
  `,
})
export class Badge {
  readonly tone = input<'accent' | 'plain' | 'ok' | 'warn' | 'bad'>('plain');
}
