import { Injectable } from '@nestjs/common';
import type { DeliveredTrigger, Trigger } from '@pizzapi/protocol';
import { Queues } from '../../../platform/queues/queues.js';
import { deliveryIdOf } from '../delivery-id.js';
import { type NewDelivery, type SessionDelivery, SessionInbox } from '../inbox/session-inbox.js';
import type { TriggerRecord } from '../records/trigger-records.js';

/** Takes what was accepted to whom it was accepted for. Any part of it may be repeated. */
@Injectable()
export class FanOut {
  constructor(
    private readonly inbox: SessionInbox,
    private readonly queues: Queues,
  ) {}

  /** @returns for each of the given lists what went wrong first, or null */
  async run(lists: readonly SessionDelivery[][]): Promise<(Error | null)[]> {
    const results = await this.inbox.appendAll(lists.flat());
    let at = 0;
    return lists.map(({ length }) => {
      const own = results.slice(at, (at += length));
      return own.find((result) => result instanceof Error) ?? null;
    });
  }

  /** A job for each listener that was matched. */
  async startListeners(runnerId: string, record: TriggerRecord): Promise<void> {
    const { triggerId } = record.trigger;
    await Promise.all(
      record.matches.listeners
        .filter(({ listenerId }) => !record.settled.has(deliveryIdOf(triggerId, listenerId)))
        .map(({ listenerId }) =>
          this.queues.add('run-listener', `${listenerId}.${triggerId}`, { runnerId, triggerId, listenerId }),
        ),
    );
  }
}

/** One delivery for each matched session that has not got it yet. */
export function deliveriesOf(runnerId: string, { trigger, matches, settled }: TriggerRecord): SessionDelivery[] {
  // The payload is written out once, not once for each session.
  const { deliverAs, ts, triggerId } = trigger;
  const start = JSON.stringify({ ...trigger, runnerId }).slice(0, -1);
  return matches.sessions.flatMap(({ sessionId, subscriptionIds }) => {
    const deliveryId = deliveryIdOf(triggerId, sessionId);
    // A repeated fan-out finds what was received meanwhile.
    if (settled.has(deliveryId)) return [];
    const text = `${start},"subscriptionIds":${JSON.stringify(subscriptionIds)}}`;
    return [{ sessionId, item: { deliveryId, kind: 'trigger', deliverAs, ts, text, triggerId, runnerId } }];
  });
}

/** A trigger as an item of one session's inbox. */
export function triggerItem(deliveryId: string, delivered: DeliveredTrigger): NewDelivery {
  const { deliverAs, ts, triggerId, runnerId }: Trigger & { runnerId: string } = delivered;
  return { deliveryId, kind: 'trigger', deliverAs, ts, text: JSON.stringify(delivered), triggerId, runnerId };
}
