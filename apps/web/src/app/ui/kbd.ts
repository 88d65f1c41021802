import { Component, computed, input } from '@angular/core';
import { keyLabels } from './key-labels';

/** A shortcut as keys: `Mod+K` reads ⌘K on a Mac and Ctrl K elsewhere; `G S` is one after the other. */
@Component({
  selector: 'pz-kbd',
  template: `
    @for (key of keys(); track $index) {
      <kbd>{{ key }}</kbd>
    }
  `,
  styles: `
    :host {
      display: inline-flex;
      gap: 3px;
    }
    kbd {
      min-width: 1.125rem;
      padding: 0 4px;
      border: 1px solid var(--border);
      border-radius: 4px;
      color: var(--faint);
      text-align: center;
      font: 500 0.65625rem/1rem var(--sans);
    }
    /* In the colours of the button or choice that it stands on, and only for who has a keyboard. */
    :host(.on-button) {
      opacity: 0.75;
    }
    :host(.on-button) kbd {
      border-color: color-mix(in srgb, currentColor 40%, transparent);
      color: inherit;
    }
    @media (pointer: coarse) {
      :host(.on-button) {
        display: none;
      }
    }
  `,
})
export class Kbd {
  readonly combo = input.required<string>();
  protected readonly keys = computed(() => keyLabels(this.combo()));
}
