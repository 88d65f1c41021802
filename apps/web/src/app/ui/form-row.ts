import { Component, input } from '@angular/core';

let nextId = 1;

/**
 * Label, control, and below it the error or the hint; space for one line is reserved, so that nothing jumps.
 * A `pzInput` inside is named and described by it.
 */
@Component({
  selector: 'pz-form-row',
  template: `
    <label [attr.for]="controlId">
      {{ label() }}
      @if (optional()) {
        <span class="faint">optional</span>
      }
    </label>
    <ng-content />
    <p [id]="noteId" [class.bad]="error()" [attr.role]="error() ? 'alert' : null">{{ error() ?? hint() }}</p>
  `,
  styles: `
    :host {
      display: grid;
      gap: 4px;
    }
    label {
      font-weight: 500;
      font-size: 0.75rem;
    }
    label span {
      font-weight: 400;
      margin-inline-start: 4px;
    }
    p {
      min-height: 18px;
      font-size: 0.75rem;
      line-height: 1.125rem;
      color: var(--faint);
    }
    /* Where a list follows anyway, no line is kept free for a message. */
    :host(.compact) p:empty {
      display: none;
    }
    .bad {
      color: var(--bad);
    }
  `,
})
export class FormRow {
  readonly label = input.required<string>();
  readonly hint = input<string>();
  readonly error = input<string | undefined>();
  readonly optional = input(false);
  readonly controlId = `field-${nextId++}`;
  readonly noteId = `${this.controlId}-note`;
}
