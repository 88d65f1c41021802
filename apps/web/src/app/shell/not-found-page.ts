import { Component } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Button } from '../ui/button';
import { EmptyState } from '../ui/empty-state';

/** An address that leads nowhere. */
@Component({
  selector: 'pz-not-found-page',
  imports: [Button, EmptyState, RouterLink],
  template: `
    <main id="main" tabindex="-1">
      <pz-empty-state heading="There is no such page" text="The address may be cut short, or the page moved.">
        <a pzButton variant="primary" routerLink="/">To the sessions</a>
      </pz-empty-state>
    </main>
  `,
  styles: `
    main {
      padding-top: 18vh;
    }
  `,
})
export class NotFoundPage {}
