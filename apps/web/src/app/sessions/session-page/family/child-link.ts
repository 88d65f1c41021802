import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { StatusDot } from '../../../ui/status-dot';
import { sessionName, sessionState } from '../../session-state';
import { SessionsStore } from '../../sessions-store';

/** To a child session, with what it does right now. */
@Component({
  selector: 'pz-child-link',
  imports: [RouterLink, StatusDot],
  template: `
    @let it = session();
    <a [routerLink]="['/s', sessionId()]" [attr.aria-label]="words()">
      @if (it) {
        <pz-status-dot [tone]="it.state.tone" [label]="it.state.label" />
        <span>{{ it.state.label }}</span>
      } @else {
        Open
      }
    </a>
  `,
  styles: `
    :host {
      flex: none;
      align-self: center;
    }
    a {
      display: flex;
      align-items: center;
      gap: 7px;
      padding: 4px 12px 4px 4px;
      font-size: 0.75rem;
    }
  `,
})
export class ChildLink {
  readonly sessionId = input.required<string>();
  private readonly sessions = inject(SessionsStore);
  protected readonly session = computed(() => {
    const session = this.sessions.session(this.sessionId());
    return session && { name: sessionName(session), state: sessionState(session) };
  });
  protected readonly words = computed(() => {
    const it = this.session();
    return it ? `Open ${it.name}, ${it.state.label}` : 'Open the child session';
  });
}
