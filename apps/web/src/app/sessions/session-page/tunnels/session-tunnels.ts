import { DestroyRef, Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import type { TunnelView } from '@pizzapi/protocol';
import { type ApiProblem, asProblem } from '../../../core/api/api-problem';
import { TunnelsApi } from '../../../core/api/tunnels-api';
import { isTunnelsChange } from '../../../core/realtime/message-shapes';
import { RelayConnection } from '../../../core/realtime/relay-connection';
import { Toasts } from '../../../core/toasts';
import { SessionServices } from '../services/session-services';

/** Ports that can be reached from the open session: its own and its runner's panels. Read again whenever they change. */
@Injectable()
export class SessionTunnels {
  private readonly api = inject(TunnelsApi);
  private readonly toasts = inject(Toasts);
  private readonly connection = inject(RelayConnection);
  private readonly services = inject(SessionServices);
  private readonly sessionId = this.services.sessionId;
  private readonly read = signal<readonly TunnelView[] | null>(null);
  private readonly failure = signal<ApiProblem | null>(null);
  private readonly hidden = signal<ReadonlySet<string>>(new Set());
  /** Answers to any request but the latest are ignored. */
  private attempt = 0;

  readonly problem = this.failure.asReadonly();
  /** Null before the first answer. */
  private readonly all = computed(() => this.read()?.filter(({ tunnelId }) => !this.hidden().has(tunnelId)) ?? null);
  readonly isLoaded = computed(() => this.read() !== null);
  readonly own = computed(() => (this.all() ?? []).filter(({ sessionId }) => sessionId !== null));
  readonly panels = computed(() => (this.all() ?? []).filter(({ serviceId }) => serviceId !== null));

  /** A panel that is new or has moved has a new tunnel. */
  private readonly places = computed(() =>
    this.services
      .panels()
      .map(({ serviceId, port }) => `${serviceId}:${port}`)
      .join(' '),
  );

  constructor() {
    const news = (message: unknown): void => {
      if (!isTunnelsChange(message)) this.connection.countDropped();
      else if (message.sessionId === this.sessionId()) void this.reload();
    };
    const { viewer } = this.connection;
    viewer.on('session:tunnels-changed', news);
    inject(DestroyRef).onDestroy(() => viewer.off('session:tunnels-changed', news));
    effect(() => {
      this.connection.epoch();
      this.places();
      if (this.sessionId() !== '') untracked(() => void this.reload());
    });
  }

  ofService(serviceId: string): TunnelView | undefined {
    return this.panels().find((tunnel) => tunnel.serviceId === serviceId);
  }

  async reload(): Promise<void> {
    const attempt = ++this.attempt;
    try {
      const tunnels = await this.api.ofSession(this.sessionId());
      if (attempt !== this.attempt) return;
      this.read.set(tunnels);
      this.failure.set(null);
    } catch (error) {
      if (attempt === this.attempt) this.failure.set(asProblem(error));
    }
  }

  async expose(port: number, name: string): Promise<TunnelView> {
    const tunnel = await this.api.open(this.sessionId(), name === '' ? { port } : { port, name });
    await this.reload();
    return tunnel;
  }

  /** Once the time to undo it is over. */
  close({ tunnelId, name }: TunnelView): void {
    this.hidden.update((ids) => new Set(ids).add(tunnelId));
    const show = (): void => this.hidden.update((ids) => new Set([...ids].filter((id) => id !== tunnelId)));
    const act = async (): Promise<void> => {
      try {
        await this.api.close(tunnelId);
      } catch (error) {
        // Already closed: that is what was wanted.
        if (asProblem(error).status === 404) return;
        show();
        this.toasts.fail(asProblem(error).message);
      }
    };
    this.toasts.undoable(`Closing “${name}”`, () => void act(), show);
  }
}
