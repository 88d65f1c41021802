import { Component, input } from '@angular/core';
import { Button } from '../ui/button';
import { ErrorState } from '../ui/error-state';

/** The card of login and registration: what was refused, the fields, the one button. */
@Component({
  selector: 'form[pzAccountForm]',
  imports: [Button, ErrorState],
  template: `
    @if (cause(); as words) {
      <pz-error-state [heading]="failure()" [cause]="words" [canRetry]="false" />
    }
    <ng-content />
    <button pzButton variant="primary" size="large" type="submit" [isBusy]="isBusy()">{{ submitLabel() }}</button>
  `,
  styles: `
    :host {
      display: grid;
      gap: 10px;
      padding: 20px 20px 22px;
      border: 1px solid var(--border);
      border-radius: var(--radius-l);
      background: var(--surface);
    }
    button {
      width: 100%;
    }
    pz-error-state {
      margin-bottom: 10px;
    }
  `,
})
export class AccountForm {
  readonly submitLabel = input.required<string>();
  /** The heading over a refusal, and its cause. */
  readonly failure = input.required<string>();
  readonly cause = input<string>();
  readonly isBusy = input(false);
}
