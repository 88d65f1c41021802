import { Component } from '@angular/core';
import { RouterLink } from '@angular/router';
import { BackLink } from '../ui/back-link';
import { Button } from '../ui/button';
import { BrandMark } from '../ui/brand-mark';

/** An address that leads nowhere. */
@Component({
  selector: 'pz-not-found-page',
  imports: [BackLink, BrandMark, Button, RouterLink],
  template: `
    <pz-back-link to="/">Sessions</pz-back-link>
    <main id="main" tabindex="-1">
      <pz-brand-mark [size]="36" />
      <h1>There is no such page</h1>
      <p class="muted">The address may be incomplete, or the page may have moved.</p>
      <a pzButton variant="primary" routerLink="/">Go to sessions</a>
    </main>
  `,
  styles: `
    /* Where a session's header would be, so that the way back is where the thumb knows it. */
    @media (max-width: 759px) {
      pz-back-link {
        display: flex;
        align-items: center;
        height: 3.3125rem;
        margin: 0;
        padding-inline: 12px;
        border-bottom: 1px solid var(--border-soft);
      }
    }
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
