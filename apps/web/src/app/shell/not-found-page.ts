import { Component } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Button } from '../ui/button';
import { BrandMark } from '../ui/brand-mark';

/** An address that leads nowhere. */
@Component({
  selector: 'pz-not-found-page',
  imports: [BrandMark, Button, RouterLink],
  template: `
    <main id="main" tabindex="-1">
      <pz-brand-mark [size]="36" />
      <h1>There is no such page</h1>
      <p class="muted">The address may be cut short, or the page moved.</p>
      <a pzButton variant="primary" routerLink="/">To the sessions</a>
    </main>
  `,
  styles: `
    main {
      display: grid;
      justify-items: center;
      gap: 10px;
      padding: 18vh 16px 0;
      text-align: center;
    }
  `,
})
export class NotFoundPage {}
