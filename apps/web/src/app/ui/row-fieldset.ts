import { Component, input, output } from '@angular/core';
import { LucidePlus } from '@lucide/angular';
import { Button } from './button';

/** Rows of fields under one heading, and below them the button that adds one. The rows are its content. */
@Component({
  selector: 'pz-row-fieldset',
  imports: [Button, LucidePlus],
  template: `
    <fieldset>
      <legend>
        {{ legend() }}
        @if (isOptional()) {
          <span class="faint">optional</span>
        }
      </legend>
      <ng-content />
      <div class="below">
        <button pzButton variant="ghost" type="button" (click)="added.emit()"><svg lucidePlus></svg>{{ add() }}</button>
        @if (hint(); as words) {
          <span class="faint">{{ words }}</span>
        }
      </div>
    </fieldset>
  `,
  styles: `
    :host {
      display: block;
    }
    fieldset {
      display: grid;
      gap: 6px;
      min-width: 0;
      margin: 0;
      padding: 0;
      border: 0;
    }
    legend {
      padding: 0;
      margin-bottom: 6px;
      font-weight: 500;
      font-size: 0.75rem;
    }
    legend span {
      margin-inline-start: 4px;
      font-weight: 400;
    }
    .below {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 12px;
      font-size: 0.75rem;
    }
    .below button {
      margin-left: -6px;
    }
  `,
})
export class RowFieldset {
  readonly legend = input.required<string>();
  /** What its button says. */
  readonly add = input.required<string>();
  readonly hint = input<string>();
  readonly isOptional = input(false);
  readonly added = output();
}
