import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import type { RelayToViewer, ServiceInfo } from '@pizzapi/protocol';
import { isServiceAnnouncement } from '../../../core/realtime/message-shapes';
import { RelayConnection } from '../../../core/realtime/relay-connection';
import { RunnersStore } from '../../../runners/runners-store';
import { SessionsStore } from '../../sessions-store';

type Announcement = Parameters<RelayToViewer['service_announce']>[0];

/**
 * What the services of the open session's runner offer: as the relay announces it to the session's viewers, and until then as the list
 * of runners has it.
 */
@Injectable()
export class SessionServices {
  private readonly sessions = inject(SessionsStore);
  private readonly runners = inject(RunnersStore);
  private readonly watched = signal('');
  private readonly heard = signal<Announcement | null>(null);

  /** Empty before the page says which. */
  readonly sessionId = this.watched.asReadonly();
  readonly runnerId = computed(
    () => this.sessions.session(this.sessionId())?.runnerId ?? this.announced()?.runnerId ?? '',
  );
  private readonly announced = computed(() => {
    const heard = this.heard();
    return heard?.sessionId === this.sessionId() ? heard : null;
  });
  private readonly runner = computed(() => this.runners.byId().get(this.runnerId()));
  private readonly offer = computed(() => this.announced() ?? this.runner());

  readonly runnerName = computed(() => this.runner()?.name ?? 'the runner');
  /** Somebody else's runner is not in the list; then its announcements are all that is known. */
  readonly isOnline = computed(() => this.runner()?.online ?? true);
  readonly services = computed<readonly ServiceInfo[]>(() => this.offer()?.services ?? []);
  readonly panels = computed(() => (this.isOnline() ? (this.offer()?.panels ?? []) : []));
  readonly sigilDefs = computed(() => this.offer()?.sigilDefs ?? []);

  constructor() {
    const connection = inject(RelayConnection);
    const { viewer } = connection;
    const announce = (message: unknown): void => {
      if (isServiceAnnouncement(message)) this.heard.set(message);
      else connection.countDropped();
    };
    viewer.on('service_announce', announce);
    inject(DestroyRef).onDestroy(() => viewer.off('service_announce', announce));
  }

  of(sessionId: string): void {
    this.watched.set(sessionId);
  }
}
