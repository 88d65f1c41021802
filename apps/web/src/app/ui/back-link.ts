import { Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideChevronLeft } from '@lucide/angular';

/** The way back on a phone, where one thing shows at a time; hidden where the rail is beside the page. */
@Component({
  selector: 'pz-back-link',
  imports: [LucideChevronLeft, RouterLink],
  template: `<a [routerLink]="to()"><svg lucideChevronLeft size="1rem"></svg><ng-content /></a>`,
  styles: `
    :host {
      display: none;
    }
    a {
      display: inline-flex;
      align-items: center;
      gap: 4px;
      min-height: 40px;
      color: var(--muted);
      text-decoration: none;
    }
    @media (max-width: 759px) {
      :host {
        display: block;
        margin: -8px 0 -12px -4px;
      }
    }
  `,
})
export class BackLink {
  readonly to = input.required<string>();
}
