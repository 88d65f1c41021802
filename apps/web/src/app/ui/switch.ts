import { Component, input, output } from '@angular/core';

/** On or off, taking effect at once. The owner of the state flips it; until then it shows the old one. */
@Component({
  selector: 'pz-switch',
  template: `
    <button
      type="button"
      role="switch"
      [attr.aria-checked]="isOn()"
      [attr.aria-label]="label()"
      [title]="isOn() ? 'On' : 'Off'"
      [disabled]="isDisabled()"
      (click)="toggled.emit(!isOn())"
    >
      <i></i>
    </button>
  `,
  styles: `
    :host {
      display: inline-grid;
    }
    button {
      position: relative;
      width: 1.875rem;
      height: 1.125rem;
      padding: 0;
      border: 1px solid var(--border-strong);
      border-radius: 99px;
      background: var(--raised);
      transition: background var(--fast) var(--ease);
    }
    i {
      position: absolute;
      top: 2px;
      left: 2px;
      width: 0.75rem;
      height: 0.75rem;
      border-radius: 50%;
      background: var(--border-strong);
      transition: transform var(--fast) var(--ease);
    }
    [aria-checked='true'] {
      border-color: var(--accent);
      background: var(--accent);
    }
    [aria-checked='true'] i {
      background: var(--accent-text);
      transform: translateX(0.75rem);
    }
    button:disabled {
      opacity: 0.5;
      cursor: default;
    }
    button:focus-visible {
      border-radius: 99px;
    }
    @media (pointer: coarse) {
      button::after {
        content: '';
        position: absolute;
        inset: -13px -7px;
      }
    }
  `,
})
export class Switch {
  readonly label = input.required<string>();
  readonly isOn = input.required<boolean>();
  readonly isDisabled = input(false);
  readonly toggled = output<boolean>();
}
