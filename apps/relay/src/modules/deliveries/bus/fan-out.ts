import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { DeliveredTrigger, Trigger } from '@pizzapi/protocol';
import { Queues } from '../../../platform/queues/queues.js';
import { deliveryIdOf } from '../delivery-id.js';
import { type SessionDelivery, SessionInbox } from '../inbox/session-inbox.js';
import type { NewDelivery } from '../inbox/new-delivery.js';
import { DirectDeliveries, type EntryDelivery } from '../direct/direct-deliveries.js';
import type { TriggerRecord } from '../records/trigger-records.js';
import type { OpenEntry } from './open-entry.js';

/** After this many messages, the event loop gets a turn: the first workers receive theirs while the others are still being written. */
const SENT_AT_A_TIME = 256;

/** A delivery, and the index of its entry among those that are fanned out. */
interface Placed extends EntryDelivery {
  at: number;
}

/** Hands what was accepted to the sessions and listeners that it was accepted for. Any part of this may be repeated. */
@Injectable()
export class FanOut {
  constructor(
    private readonly inbox: SessionInbox,
    private readonly direct: DirectDeliveries,
    private readonly queues: Queues,
  ) {}

  /** Uses the inboxes only. @returns for each delivery what went wrong, or null */
  async append(deliveries: readonly SessionDelivery[]): Promise<(Error | null)[]> {
    const results = await this.inbox.appendAll(deliveries);
    return results.map((result) => (result instanceof Error ? result : null));
  }

  /**
   * Sends deliveries to workers of this replica that have nothing older to receive, and appends the others to the inboxes. Each session's deliveries
   * keep the given order.
   * @param since since when this replica has been the only reader of their bus
   * @returns for each entry the first thing that went wrong, or null
   */
  async run(
    lists: readonly { entry: OpenEntry; deliveries: readonly SessionDelivery[] }[],
    since: () => number,
  ): Promise<(Error | null)[]> {
    const toAppend: (SessionDelivery & { at: number })[] = [];
    let messages = 0;
    for (const [sessionId, deliveries] of bySession(lists)) {
      const sent = this.direct.send(sessionId, deliveries, since());
      for (const { item, at } of deliveries.slice(sent)) toAppend.push({ sessionId, item, at });
      if (sent > 0 && ++messages % SENT_AT_A_TIME === 0) await setImmediate();
    }
    const appended = new Set(toAppend.map(({ sessionId }) => sessionId));
    const placed = [...appended].map((sessionId) => this.direct.place(sessionId));
    const [results] = await Promise.all([this.inbox.appendAll(toAppend), ...placed]);
    const failures: (Error | null)[] = lists.map(() => null);
    for (const [index, { at }] of toAppend.entries()) {
      const result = results[index];
      if (result instanceof Error) failures[at] ??= result;
    }
    return failures;
  }

  /** Adds a job for each matched listener. */
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

/** Groups by session, so that a worker which has fallen behind gets what several entries hold for it in one message. */
function bySession(
  lists: readonly { entry: OpenEntry; deliveries: readonly SessionDelivery[] }[],
): Map<string, Placed[]> {
  const sessions = new Map<string, Placed[]>();
  for (const [at, { entry, deliveries }] of lists.entries()) {
    for (const { sessionId, item } of deliveries) {
      const own = sessions.get(sessionId);
      if (own) own.push({ item, entry, at });
      else sessions.set(sessionId, [{ item, entry, at }]);
    }
  }
  return sessions;
}

/** One delivery for each matched session that has not received it yet. */
export function deliveriesOf(runnerId: string, { trigger, matches, settled }: TriggerRecord): SessionDelivery[] {
  // The payload is serialised once, not once for each session.
  const { deliverAs, ts, triggerId } = trigger;
  const start = JSON.stringify({ ...trigger, runnerId }).slice(0, -1);
  return matches.sessions.flatMap(({ sessionId, subscriptionIds }) => {
    const deliveryId = deliveryIdOf(triggerId, sessionId);
    // A repeated fan-out skips what has been received in the meantime.
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
