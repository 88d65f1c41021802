import { Injectable } from '@nestjs/common';
import { pageOf } from '../../../platform/http/page-query.dto.js';
import { DirectlySent } from '../direct/directly-sent.js';
import { SessionInbox } from '../inbox/session-inbox.js';
import { TriggerRecords } from '../records/trigger-records.js';
import { type FoundTrigger, foundIn, type OfRunner, type WaitingTrigger } from './found-trigger.js';
import { OutsideInbox } from './outside-inbox.js';
import { decodeCursor, encodeCursor, START } from './waiting-cursor.js';

/**
 * Lists the triggers that are on their way to a session: in its inbox, on its runner's bus (perhaps sent to the worker already), or in a job of their
 * own after a failed fan-out.
 */
@Injectable()
export class WaitingTriggers {
  constructor(
    private readonly inbox: SessionInbox,
    private readonly outside: OutsideInbox,
    private readonly direct: DirectlySent,
    private readonly records: TriggerRecords,
  ) {}

  /**
   * In the order in which the session will receive them. One that moves on between two pages may be on neither; it is about to arrive.
   * @throws ProblemError `invalid_request` on a cursor that this list did not give
   */
  async page(
    session: OfRunner,
    limit: number,
    cursor?: string,
  ): Promise<{ page: WaitingTrigger[]; nextCursor?: string }> {
    const { sessionId } = session;
    const from = cursor === undefined ? START : decodeCursor(sessionId, cursor);
    // Looks in the order in which a delivery travels, so that one which moves on in the meantime is not missed.
    const outside = await this.outside.after(session, limit + 1, from);
    const out = outside.found.length > 0 ? await this.direct.among(session.runnerId, outside.found) : new Set<string>();
    const inInbox = from.place === 'inbox' ? await this.inInbox(session, limit + 1, from.after) : [];
    const known = new Set(inInbox.map(({ deliveryId }) => deliveryId));
    const others = await this.stillOpen(
      session,
      outside.found.filter(({ deliveryId }) => !known.has(deliveryId)),
    );
    const rows = [...inInbox, ...others.map((each) => (out.has(each.deliveryId) ? sent(each) : each))];
    const paged = pageOf(rows, limit, (row) => encodeCursor(sessionId, row.cursor));
    const last = outside.found.at(-1);
    return paged.nextCursor === undefined && outside.hasMore && last
      ? { ...paged, nextCursor: encodeCursor(sessionId, last.cursor) }
      : paged;
  }

  private async inInbox(session: OfRunner, count: number, after: string): Promise<FoundTrigger[]> {
    const { sessionId } = session;
    const found: FoundTrigger[] = [];
    let from: string | null = after;
    // Inputs wait there as well, so a page may hold fewer triggers than were asked for, or none.
    while (from !== null && found.length < count) {
      const page = await this.inbox.listAfter(sessionId, from, count);
      for (const { item, timesSent } of page.waiting) {
        const each = foundIn(session, { sessionId, item }, { place: 'inbox', after: item.cursor }, timesSent);
        if (each) found.push(each);
      }
      from = page.last;
    }
    return found.slice(0, count);
  }

  /** Leaves out those that have been received since they were found. */
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
    // What has left the bus is in the inbox by now. If it is not there either, it was received, although no record says so: the record has expired,
    // because the trigger was replayed long after it had died.
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
