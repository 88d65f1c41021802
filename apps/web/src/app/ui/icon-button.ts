import { Component, input } from '@angular/core';

/** A square button that holds one icon; `label` names it for screen readers and on hover. */
@Component({
  selector: 'button[pzIconButton], a[pzIconButton]',
  host: { '[attr.aria-label]': 'label()', '[attr.title]': 'hint() ?? label()' },
  template: `<ng-content />`,
  styles: `
    :host {
      display: inline-grid;
      place-items: center;
      flex: none;
      width: 1.75rem;
      height: 1.75rem;
      padding: 0;
      border: 1px solid transparent;
      border-radius: 6px;
      background: none;
      color: var(--muted);
      transition:
        background var(--fast) var(--ease),
        color var(--fast) var(--ease);
    }
    :host(:hover),
    :host([aria-expanded='true']) {
      background: var(--hover);
      color: var(--text);
    }
    :host(:disabled) {
      opacity: 0.5;
      pointer-events: none;
    }
    @media (pointer: coarse) {
      :host {
        width: max(40px, 1.75rem);
        height: max(40px, 1.75rem);
      }
    }
  `,
})
export class IconButton {
  readonly label = input.required<string>();
  /** Shown on hover instead of the label, for a shortcut. */
  readonly hint = input<string>();
}
