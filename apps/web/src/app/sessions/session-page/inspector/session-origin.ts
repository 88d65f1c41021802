import { Component, computed, inject, input, resource } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { SessionView } from '@pizzapi/protocol';
import { ListenersApi } from '../../../core/api/listeners-api';
import { TriggersApi } from '../../../core/api/triggers-api';
import { Copyable } from '../../../ui/copyable';

/** Which listener started a session, and for which trigger; and, before it starts, what it waits for. */
@Component({
  selector: 'pz-session-origin',
  imports: [Copyable, RouterLink],
  template: `
    @let it = session();
    @if (it.listenerId) {
      <a [routerLink]="['/runners', it.runnerId, 'listeners']" [queryParams]="{ listener: it.listenerId }">{{
        listenerWords()
      }}</a>
    }
    @if (it.triggerId; as id) {
      <span>
        for
        @if (summary(); as words) {
          “{{ words }}”
        } @else {
          its trigger
        }
      </span>
      <pz-copyable label="the trigger’s id" [text]="id" />
    }
    @if (it.status === 'pending') {
      <span class="muted">{{ it.isHeld ? 'waits: as many as allowed are running' : 'waits for the runner' }}</span>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      justify-items: start;
      gap: 2px;
      min-width: 0;
      overflow-wrap: anywhere;
    }
    pz-copyable {
      margin-left: -7px;
    }
  `,
})
export class SessionOrigin {
  readonly session = input.required<SessionView>();
  private readonly listeners = inject(ListenersApi);
  private readonly triggers = inject(TriggersApi);

  private readonly listener = resource({
    params: () => {
      const { runnerId, listenerId } = this.session();
      return listenerId ? `${runnerId} ${listenerId}` : undefined;
    },
    loader: ({ params }) => {
      const [runnerId = '', listenerId = ''] = params.split(' ');
      return this.listeners.get(runnerId, listenerId);
    },
  });
  private readonly trigger = resource({
    params: () => this.session().triggerId ?? undefined,
    loader: ({ params }) => this.triggers.state(params),
  });
  /** A listener may be removed while its sessions go on, and a trigger's record is kept for days, not for ever. */
  protected readonly listenerWords = computed(() =>
    this.listener.hasValue() ? `the listener for ${this.listener.value().triggerType}` : 'a listener',
  );
  protected readonly summary = computed(() => {
    if (!this.trigger.hasValue()) return '';
    const { summary, type } = this.trigger.value().trigger;
    return summary ?? type;
  });
}
