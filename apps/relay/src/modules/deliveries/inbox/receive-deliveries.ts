import { Injectable } from '@nestjs/common';
import { TriggerRecords } from '../records/trigger-records.js';
import { SessionInbox } from './session-inbox.js';

/** A delivery that a worker was given; the ids of its trigger, if it is one. */
export interface SentDelivery {
  deliveryId: string;
  triggerId?: string | undefined;
  runnerId?: string | undefined;
}

interface Batch {
  /** By runner and trigger: what to settle in one record. */
  settlements: Map<string, { runnerId: string; triggerId: string; deliveryIds: string[] }>;
  done: Promise<void>;
}

/**
 * Workers say that deliveries are in their files. First the trigger's record learns of it, then the inbox forgets: a crash in between
 * makes the worker say it again. What all workers say within one turn of the event loop is settled together, because a broadcast
 * is one record for a thousand of them.
 */
@Injectable()
export class ReceiveDeliveries {
  private batch: Batch | null = null;

  constructor(
    private readonly inbox: SessionInbox,
    private readonly records: TriggerRecords,
  ) {}

  async run(sessionId: string, deliveries: readonly SentDelivery[]): Promise<void> {
    const known = await this.identify(sessionId, deliveries);
    const triggers = known.filter((delivery) => delivery.triggerId !== undefined);
    if (triggers.length > 0) await this.settle(triggers);
    await this.inbox.received(
      sessionId,
      deliveries.map(({ deliveryId }) => deliveryId),
    );
  }

  /** What an earlier connection was given is looked up in the inbox. */
  private async identify(sessionId: string, deliveries: readonly SentDelivery[]): Promise<SentDelivery[]> {
    const unknown = deliveries.filter(({ triggerId }) => triggerId === undefined);
    if (unknown.length === 0) return [...deliveries];
    const found = await this.inbox.find(unknown.map(({ deliveryId }) => ({ sessionId, deliveryId })));
    const items = new Map(found.map((waiting) => [waiting?.item.deliveryId, waiting?.item]));
    return deliveries.map((delivery) => items.get(delivery.deliveryId) ?? delivery);
  }

  private settle(triggers: readonly SentDelivery[]): Promise<void> {
    const batch = (this.batch ??= this.startBatch());
    for (const { deliveryId, triggerId = '', runnerId = '' } of triggers) {
      const key = `${runnerId} ${triggerId}`;
      const settlement = batch.settlements.get(key);
      if (settlement) settlement.deliveryIds.push(deliveryId);
      else batch.settlements.set(key, { runnerId, triggerId, deliveryIds: [deliveryId] });
    }
    return batch.done;
  }

  private startBatch(): Batch {
    const settlements: Batch['settlements'] = new Map();
    const done = new Promise<void>((resolve) => setImmediate(resolve)).then(async () => {
      this.batch = null;
      await Promise.all(
        [...settlements.values()].map(({ runnerId, triggerId, deliveryIds }) =>
          this.records.settle(
            runnerId,
            triggerId,
            deliveryIds.map((deliveryId) => ({ deliveryId, state: 'received' })),
          ),
        ),
      );
    });
    return { settlements, done };
  }
}
