import { Component, computed, input } from '@angular/core';

/** A button or a link that looks like one. `isBusy` keeps its width and says so to screen readers. */
@Component({
  selector: 'button[pzButton], a[pzButton]',
  host: {
    '[class]': 'classes()',
    '[attr.aria-busy]': 'isBusy() || null',
    '[attr.aria-disabled]': 'isBusy() || null',
  },
  template: `<ng-content />`,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      justify-content: center;
      gap: 6px;
      min-height: 28px;
      padding: 3px 10px;
      border: 1px solid var(--border);
      border-radius: 6px;
      background: var(--raised);
      color: var(--text);
      font: 500 0.75rem/1.125rem var(--sans);
      white-space: nowrap;
      text-decoration: none;
      transition:
        background var(--fast) var(--ease),
        border-color var(--fast) var(--ease),
        opacity var(--fast) var(--ease);
    }
    :host(:hover) {
      background: var(--hover);
      text-decoration: none;
    }
    :host(:active) {
      transform: translateY(0.5px);
    }
    :host(.primary) {
      background: var(--text);
      border-color: var(--text);
      color: var(--bg);
    }
    :host(.primary:hover) {
      background: color-mix(in srgb, var(--text) 88%, var(--bg));
    }
    :host(.ghost) {
      background: none;
      border-color: transparent;
      color: var(--muted);
      padding-inline: 6px;
    }
    :host(.ghost:hover) {
      background: var(--hover);
      color: var(--text);
    }
    :host(.danger) {
      background: var(--bad-bg);
      border-color: color-mix(in srgb, var(--bad) 40%, transparent);
      color: var(--bad);
    }
    :host(.large) {
      min-height: 36px;
      padding-inline: 16px;
      font-size: 0.8125rem;
    }
    :host(:disabled),
    :host([aria-disabled]) {
      opacity: 0.55;
      cursor: default;
      pointer-events: none;
    }
    @media (pointer: coarse) {
      :host {
        min-height: 40px;
        padding-inline: 14px;
      }
    }
  `,
})
export class Button {
  readonly variant = input<'plain' | 'primary' | 'ghost' | 'danger'>('plain');
  readonly size = input<'normal' | 'large'>('normal');
  readonly isBusy = input(false);
  protected readonly classes = computed(() => `${this.variant()} ${this.size()}`);
}
