import { Component, input } from '@angular/core';
import { SessionView } from './session-view';

/** The route of a session. Each session gets a view of its own, so that nothing of the last one is left in it. */
@Component({
  selector: 'pz-session-page',
  imports: [SessionView],
  template: `
    @for (id of [sessionId()]; track id) {
      <pz-session-view [sessionId]="id" />
    }
  `,
  styles: `
    :host {
      display: block;
      height: 100%;
    }
  `,
})
export class SessionPage {
  readonly sessionId = input.required<string>();
}
