import { Component, input, output } from '@angular/core';
import { Button } from './button';
import { ErrorState } from './error-state';

/** A short inline form that creates one thing: its fields in a row, what went wrong, Cancel and submit. */
@Component({
  selector: 'form[pzInlineForm]',
  imports: [Button, ErrorState],
  host: { class: 'pz-card' },
  template: `
    @if (cause(); as words) {
      <pz-error-state [heading]="failure()" [cause]="words" [canRetry]="false" />
    }
    <div class="fields"><ng-content /></div>
    <footer>
      <button pzButton type="button" (click)="cancelled.emit()">Cancel</button>
      <button pzButton variant="primary" type="submit" [isBusy]="isBusy()">{{ submitLabel() }}</button>
    </footer>
  `,
  styles: `
    :host {
      display: grid;
      gap: 8px;
      padding: 16px;
    }
    .fields {
      display: grid;
      grid-template-columns: minmax(0, 1fr) 11.25rem;
      gap: 14px;
    }
    footer {
      display: flex;
      justify-content: flex-end;
      gap: 8px;
    }
    @media (max-width: 759px) {
      .fields {
        grid-template-columns: minmax(0, 1fr);
        gap: 10px;
      }
    }
  `,
})
export class InlineForm {
  readonly submitLabel = input.required<string>();
  /** The heading over a refusal, and its cause. */
  readonly failure = input.required<string>();
  readonly cause = input<string>();
  readonly isBusy = input(false);
  readonly cancelled = output();
}
