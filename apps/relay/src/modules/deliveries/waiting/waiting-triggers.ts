import { Injectable } from '@nestjs/common';
import { pageOf } from '../../../platform/http/page-query.dto.js';
import { DirectlySent } from '../direct/directly-sent.js';
import { SessionInbox } from '../inbox/session-inbox.js';
import { TriggerRecords } from '../records/trigger-records.js';
import { type FoundTrigger, foundIn, type OfRunner, type WaitingTrigger } from './found-trigger.js';
import { OutsideInbox } from './outside-inbox.js';
import { encodeCursor, START, type WaitingCursor } from './waiting-cursor.js';

/**
 * Everything that is on its way to a session: in its inbox, on the bus of its runner (sent to the worker directly or not), or apart because its
 * fan-out failed.
 */
@Injectable()
export class WaitingTriggers {
  constructor(
    private readonly inbox: SessionInbox,
    private readonly outside: OutsideInbox,
    private readonly direct: DirectlySent,
    private readonly records: TriggerRecords,
  ) {}

  /** In the order in which the session will get them. What moves on between two pages may be on neither: then it is nearly there. */
  async page(
    session: OfRunner,
    limit: number,
    from: WaitingCursor = START,
  ): Promise<{ page: WaitingTrigger[]; nextCursor?: string }> {
    // In the order of a delivery's way, so that none that moves on meanwhile is found nowhere.
    const outside = await this.outside.after(session, limit + 1, from);
    const out = outside.found.length > 0 ? await this.direct.among(session.runnerId, outside.found) : new Set<string>();
    const inInbox = from.place === 'inbox' ? await this.inInbox(session, limit + 1, from.after) : [];
    const known = new Set(inInbox.map(({ deliveryId }) => deliveryId));
    const others = await this.stillOpen(
      session,
      outside.found.filter(({ deliveryId }) => !known.has(deliveryId)),
    );
    const rows = [...inInbox, ...others.map((each) => (out.has(each.deliveryId) ? sent(each) : each))];
    const paged = pageOf(rows, limit, ({ cursor }) => encodeCursor(cursor));
    const last = outside.found.at(-1);
    return paged.nextCursor === undefined && outside.hasMore && last
      ? { ...paged, nextCursor: encodeCursor(last.cursor) }
      : paged;
  }

  private async inInbox(session: OfRunner, count: number, after: string): Promise<FoundTrigger[]> {
    const { sessionId } = session;
    const found: FoundTrigger[] = [];
    // People's inputs wait there as well.
    for (let from: string | null = after; from !== null && found.length < count;) {
      const { waiting, last }: Awaited<ReturnType<SessionInbox['listAfter']>> = await this.inbox.listAfter(
        sessionId,
        from,
        count,
      );
      for (const { item, timesSent } of waiting) {
        const each = foundIn(session, { sessionId, item }, { place: 'inbox', after: item.cursor }, timesSent);
        if (each) found.push(each);
      }
      from = last;
    }
    return found.slice(0, count);
  }

  /** Without those that were received since they were found. */
  private async stillOpen(session: OfRunner, found: readonly FoundTrigger[]): Promise<FoundTrigger[]> {
    if (found.length === 0) return [];
    const settled = await this.records.settledAmong(
      found.map(({ runnerId, trigger: { triggerId }, deliveryId }) => ({ runnerId, triggerId, deliveryId })),
    );
    const open = found.filter(({ deliveryId }) => !settled.has(deliveryId));
    const fromBus = open.filter(({ cursor }) => cursor.place === 'bus');
    const areThere = await this.outside.areOnBus(
      session,
      fromBus.map(({ cursor }) => cursor.after),
    );
    // What has left the bus is in the inbox by now. If it is not there either, it was received, and its record is gone: it was replayed long after it died.
    const left = fromBus.filter((_, at) => !areThere[at]);
    const places = await this.inbox.find(left);
    const now = new Map(left.map(({ deliveryId }, at) => [deliveryId, places[at] ?? null]));
    return open.flatMap((each) => {
      const place = now.get(each.deliveryId);
      if (place === undefined) return [each];
      return place === null ? [] : [{ ...each, timesSent: place.timesSent }];
    });
  }
}

function sent(each: FoundTrigger): FoundTrigger {
  return { ...each, timesSent: Math.max(each.timesSent, 1) };
}
