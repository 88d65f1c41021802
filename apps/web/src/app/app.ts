import { Component, inject } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { Theme } from './core/theme';

@Component({
  selector: 'pz-root',
  imports: [RouterOutlet],
  template: `<router-outlet />`,
})
export class App {
  // Made here, so that the theme follows the system from the first page on.
  private readonly theme = inject(Theme);
}
