import { Injectable } from '@nestjs/common';
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
  deliveries: SentDelivery[];
  outcome: PromiseWithResolvers<void>;
}

/**
 * Workers say that deliveries are in their files. First the triggers' records learn of it, then the inboxes forget: a crash in between
 * makes a worker say it again. What all workers say while one batch is written is the next batch, because a broadcast is one record and a
 * thousand of them, and each write is a sync of the disk.
 */
@Injectable()
export class ReceiveDeliveries {
  private waiting: Receiving[] = [];
  private isHandling = false;

  constructor(
    private readonly inbox: SessionInbox,
    private readonly records: TriggerRecords,
  ) {}

  async run(sessionId: string, deliveries: readonly SentDelivery[]): Promise<void> {
    const receiving = {
      sessionId,
      deliveries: await this.identify(sessionId, deliveries),
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

  /** What an earlier connection was given is looked up in the inbox. */
  private async identify(sessionId: string, deliveries: readonly SentDelivery[]): Promise<SentDelivery[]> {
    const unknown = deliveries.filter(({ triggerId }) => triggerId === undefined);
    if (unknown.length === 0) return [...deliveries];
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

  private async handle(batch: readonly Receiving[]): Promise<void> {
    try {
      await this.settle(batch.flatMap(({ deliveries }) => deliveries));
      const failures = await this.inbox.received(
        batch.map(({ sessionId, deliveries }) => ({
          sessionId,
          deliveryIds: deliveries.map(({ deliveryId }) => deliveryId),
        })),
      );
      for (const [at, { outcome }] of batch.entries()) {
        const failure = failures[at];
        if (failure) outcome.reject(failure);
        else outcome.resolve();
      }
    } catch (error) {
      for (const { outcome } of batch) outcome.reject(error);
    }
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
