import { Injectable } from '@nestjs/common';
import { DirectDeliveries, type DirectDelivery } from '../direct/direct-deliveries.js';
import { TriggerHistory } from '../history/trigger-history.js';
import { TriggerRecords } from '../records/trigger-records.js';
import { SessionInbox } from './session-inbox.js';

/** A delivery that was sent to a worker. The other ids are known if it is a trigger, and was sent over the present connection. */
export interface SentDelivery {
  deliveryId: string;
  triggerId?: string | undefined;
  runnerId?: string | undefined;
}

/** One acknowledgement of a worker. */
interface Receiving {
  sessionId: string;
  /** Those that were sent directly. */
  directs: DirectDelivery[];
  deliveries: SentDelivery[];
  outcome: PromiseWithResolvers<void>;
}

/**
 * Records that workers have deliveries in their sessions' files. Deliveries from an inbox are settled in their triggers' records before the inbox
 * forgets them: after a crash in between, the worker acknowledges them again. Direct deliveries enter the history before the record, for the same reason.
 *
 * Acknowledgements that come while one batch is written make up the next batch: a broadcast is one record and a thousand acknowledgements, and each
 * write may cost a sync of the disk.
 */
@Injectable()
export class ReceiveDeliveries {
  private waiting: Receiving[] = [];
  private isHandling = false;

  constructor(
    private readonly inbox: SessionInbox,
    private readonly records: TriggerRecords,
    private readonly history: TriggerHistory,
    private readonly direct: DirectDeliveries,
  ) {}

  async run(sessionId: string, deliveries: readonly SentDelivery[]): Promise<void> {
    const directs = this.direct.take(
      sessionId,
      deliveries.map(({ deliveryId }) => deliveryId),
    );
    const taken = new Set(directs.map(({ item }) => item.deliveryId));
    const others = deliveries.filter(({ deliveryId }) => !taken.has(deliveryId));
    const receiving = {
      sessionId,
      directs,
      deliveries: await this.identify(sessionId, others, directs),
      outcome: Promise.withResolvers<void>(),
    };
    this.waiting.push(receiving);
    if (!this.isHandling) {
      this.isHandling = true;
      // What other workers acknowledge in this turn of the event loop joins the batch.
      setImmediate(() => void this.handleAll());
    }
    return receiving.outcome.promise;
  }

  /** Looks up in the inbox what was sent over an earlier connection. Should that fail, the whole acknowledgement counts for nothing. */
  private async identify(
    sessionId: string,
    deliveries: readonly SentDelivery[],
    directs: readonly DirectDelivery[],
  ): Promise<SentDelivery[]> {
    const unknown = deliveries.filter(({ triggerId }) => triggerId === undefined);
    if (unknown.length === 0) return [...deliveries];
    try {
      return await this.lookUp(sessionId, deliveries, unknown);
    } catch (error) {
      await this.direct.giveUp(directs);
      throw error;
    }
  }

  private async lookUp(
    sessionId: string,
    deliveries: readonly SentDelivery[],
    unknown: readonly SentDelivery[],
  ): Promise<SentDelivery[]> {
    const found = await this.inbox.find(unknown.map(({ deliveryId }) => ({ sessionId, deliveryId })));
    const items = new Map(found.map((waiting) => [waiting?.item.deliveryId, waiting?.item]));
    return deliveries.map((delivery) => items.get(delivery.deliveryId) ?? delivery);
  }

  private async handleAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      await this.handle(batch);
    }
    this.isHandling = false;
  }

  /** Keeps the order of the acknowledgements, for the histories: handles runs of one kind (direct, or from an inbox) after one another. */
  private async handle(batch: readonly Receiving[]): Promise<void> {
    for (let at = 0; at < batch.length;) {
      const isDirect = batch[at]?.deliveries.length === 0;
      const others = batch.findIndex(({ deliveries }, index) => index > at && (deliveries.length === 0) !== isDirect);
      const end = others === -1 ? batch.length : others;
      await this.handleAlike(batch.slice(at, end));
      at = end;
    }
  }

  private async handleAlike(batch: readonly Receiving[]): Promise<void> {
    try {
      const failures = [await this.receiveFromInbox(batch), await this.receiveDirect(batch)];
      for (const [at, { outcome }] of batch.entries()) {
        const failure = failures.map((each) => each[at]).find((each) => each instanceof Error);
        if (failure) outcome.reject(failure);
        else outcome.resolve();
      }
    } catch (error) {
      await this.direct.giveUp(batch.flatMap(({ directs }) => directs));
      for (const { outcome } of batch) outcome.reject(error);
    }
  }

  private async receiveFromInbox(batch: readonly Receiving[]): Promise<(Error | null)[]> {
    const deliveries = batch.flatMap((receiving) => receiving.deliveries);
    if (deliveries.length === 0) return [];
    await this.settle(deliveries);
    return this.inbox.received(
      batch.map(({ sessionId, deliveries: own }) => ({
        sessionId,
        deliveryIds: own.map(({ deliveryId }) => deliveryId),
      })),
    );
  }

  private async receiveDirect(batch: readonly Receiving[]): Promise<(Error | null)[]> {
    const directs = batch.flatMap((receiving) => receiving.directs);
    if (directs.length === 0) return [];
    const [failures] = await Promise.all([
      this.history.enter(
        batch.map(({ sessionId, directs: own }) => ({ sessionId, items: own.map(({ item }) => item) })),
      ),
      this.settle(directs.map(({ item }) => item)),
    ]);
    this.direct.settle(directs);
    return failures;
  }

  private async settle(deliveries: readonly SentDelivery[]): Promise<void> {
    const triggers = Map.groupBy(
      deliveries.filter(({ triggerId }) => triggerId !== undefined),
      ({ runnerId, triggerId }) => `${runnerId} ${triggerId}`,
    );
    await Promise.all(
      [...triggers.values()].map((own) => {
        const { runnerId = '', triggerId = '' } = own[0] ?? {};
        return this.records.settle(
          runnerId,
          triggerId,
          own.map(({ deliveryId }) => ({ deliveryId, state: 'received' })),
        );
      }),
    );
  }
}
