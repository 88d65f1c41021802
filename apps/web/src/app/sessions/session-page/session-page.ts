import { ChangeDetectionStrategy, Component, input } from '@angular/core';

/** A session: transcript, composer, state. */
@Component({
  selector: 'pz-session-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `{{ sessionId() }}`,
})
export class SessionPage {
  readonly sessionId = input.required<string>();
}
