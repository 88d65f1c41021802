import { DestroyRef, Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import { type ApiProblem, asProblem } from '../../../core/api/api-problem';
import { TriggersApi } from '../../../core/api/triggers-api';
import { readUntilFresh } from '../../../core/read-until-fresh';
import { isDeliveriesChange } from '../../../core/realtime/message-shapes';
import { RelayConnection } from '../../../core/realtime/relay-connection';
import { type Delivery, deliveriesOf, isPast } from './delivery';

/**
 * A session's deliveries, on their way and received: read by REST while they are shown, again whenever the relay says that they
 * changed. What was read is kept for the next time.
 */
@Injectable()
export class SessionDeliveries {
  private readonly api = inject(TriggersApi);
  private readonly connection = inject(RelayConnection);
  private readonly sessionId = signal<string | null>(null);
  private readonly read = signal<readonly Delivery[] | null>(null);
  private readonly moreWait = signal(false);
  private readonly failure = signal<ApiProblem | null>(null);

  readonly reload = readUntilFresh(() => this.load());

  /** The newest first; null before the first answer. */
  readonly deliveries = this.read.asReadonly();
  /** More are on their way than are listed; they come after these. */
  readonly hasMoreWaiting = this.moreWait.asReadonly();
  readonly problem = this.failure.asReadonly();
  /** The entries of the history. */
  readonly pastCount = computed(() => (this.read() ?? []).filter(isPast).length);

  constructor() {
    const news = (message: unknown): void => {
      if (!isDeliveriesChange(message)) this.connection.countDropped();
      else if (message.sessionId === this.sessionId()) void this.reload();
    };
    const { viewer } = this.connection;
    viewer.on('session:deliveries-changed', news);
    inject(DestroyRef).onDestroy(() => viewer.off('session:deliveries-changed', news));
    effect(() => {
      this.connection.epoch();
      if (this.sessionId() !== null) untracked(() => void this.reload());
    });
  }

  watch(sessionId: string): void {
    this.sessionId.set(sessionId);
  }

  unwatch(): void {
    this.sessionId.set(null);
  }

  async clear(): Promise<void> {
    const sessionId = this.sessionId();
    if (sessionId === null) return;
    await this.api.clearHistory(sessionId);
    await this.reload();
  }

  private async load(): Promise<void> {
    const sessionId = this.sessionId();
    if (sessionId === null) return;
    try {
      // In this order, a trigger that arrives in between is in both answers rather than in neither.
      const waiting = await this.api.waiting(sessionId);
      const deliveries = deliveriesOf(waiting.triggers, await this.api.received(sessionId));
      if (sessionId !== this.sessionId()) return;
      this.read.set(deliveries);
      this.moreWait.set(waiting.nextCursor !== undefined);
      this.failure.set(null);
    } catch (error) {
      if (sessionId === this.sessionId()) this.failure.set(asProblem(error));
    }
  }
}
