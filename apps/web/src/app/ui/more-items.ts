import { Component, input, output } from '@angular/core';
import { Button } from './button';

/** Below a list that goes on. */
@Component({
  selector: 'pz-more-items',
  imports: [Button],
  template: `<button pzButton variant="ghost" type="button" [isBusy]="isBusy()" (click)="asked.emit()">
    Show more
  </button>`,
  styles: `
    :host {
      display: grid;
      justify-items: center;
      padding: 8px;
      border-top: 1px solid var(--border-soft);
    }
  `,
})
export class MoreItems {
  readonly isBusy = input(false);
  readonly asked = output();
}
