import { Component, computed, inject, input, resource } from '@angular/core';
import { RouterLink } from '@angular/router';
import { asProblem } from '../../../core/api/api-problem';
import { SessionsApi } from '../../../core/api/sessions-api';
import { RelayConnection } from '../../../core/realtime/relay-connection';
import { sessionName } from '../../session-state';
import { SessionsStore } from '../../sessions-store';

/** The session that this one was forked from, by its current name. */
@Component({
  selector: 'pz-fork-origin',
  imports: [RouterLink],
  template: `
    @if (isDeleted()) {
      <span class="muted">a session that was deleted</span>
    } @else {
      <a class="ell" [routerLink]="['/s', sessionId()]" [title]="name()">{{ name() }}</a>
    }
  `,
  styles: `
    :host {
      display: flex;
      min-width: 0;
    }
  `,
})
export class ForkOrigin {
  readonly sessionId = input.required<string>();
  private readonly api = inject(SessionsApi);
  private readonly sessions = inject(SessionsStore);
  private readonly connection = inject(RelayConnection);

  private readonly session = computed(() => this.sessions.session(this.sessionId()));
  private readonly isKnown = computed(() => this.session() !== undefined);
  /** What the list does not hold is read by REST, again after each reconnect; the hub keeps it fresh. */
  private readonly reading = resource({
    params: () => (this.isKnown() ? undefined : { sessionId: this.sessionId(), epoch: this.connection.epoch() }),
    loader: async ({ params }) => this.sessions.apply(await this.api.get(params.sessionId)),
  });
  protected readonly isDeleted = computed(() => {
    const error = this.reading.error();
    return !this.isKnown() && error !== undefined && asProblem(error).status === 404;
  });
  protected readonly name = computed(() => {
    const session = this.session();
    return session === undefined ? 'another session' : sessionName(session);
  });
}
