import { Component, inject } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { FailedLoads } from './core/failed-loads';
import { Theme } from './core/theme';
import { LoadFailure } from './shell/load-failure';

@Component({
  selector: 'pz-root',
  imports: [LoadFailure, RouterOutlet],
  template: `
    <router-outlet #outlet="outlet" />
    @if (loads.failed(); as failed) {
      <pz-load-failure [url]="failed.url" [canGoBack]="outlet.isActivated" (closed)="loads.dismiss()" />
    }
  `,
})
export class App {
  protected readonly loads = inject(FailedLoads);
  // Made here, so that the theme follows the system from the first page on.
  private readonly theme = inject(Theme);
}
