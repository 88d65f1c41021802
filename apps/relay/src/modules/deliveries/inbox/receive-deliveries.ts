import { Injectable } from '@nestjs/common';
import { DirectDeliveries, type DirectDelivery } from '../direct/direct-deliveries.js';
import { TriggerHistory } from '../history/trigger-history.js';
import { TriggerRecords } from '../records/trigger-records.js';
import { SessionInbox } from './session-inbox.js';

/** A delivery that a worker was given; the ids of its trigger, if it is one. */
export interface SentDelivery {
  deliveryId: string;
  triggerId?: string | undefined;
  runnerId?: string | undefined;
}

/** What one worker said. */
interface Receiving {
  sessionId: string;
  /** What it got without the inbox. */
  directs: DirectDelivery[];
  deliveries: SentDelivery[];
  outcome: PromiseWithResolvers<void>;
}

/**
 * Workers say that deliveries are in their files. First the triggers' records learn of it, then the inboxes forget: a crash in between
 * makes a worker say it again. What came without the inbox is entered in the history before the record learns of it, for the same reason. What all workers say while one batch is written is the next batch, because a broadcast is one record and a
 * thousand of them, and each write is a sync of the disk.
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
      // What others say in this turn of the event loop comes along.
      setImmediate(() => void this.handleAll());
    }
    return receiving.outcome.promise;
  }

  /** What an earlier connection was given is looked up in the inbox. When that fails, nothing of what the worker said counts. */
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

  /** In the order in which they were said, for the histories: what came directly and what came from an inbox by turns, mostly one kind. */
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
