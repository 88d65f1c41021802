import { Injectable } from '@nestjs/common';
import type { OpenEntry } from '../bus/open-entry.js';
import { InboxFeeds, type LocalFeed } from '../inbox/inbox-feeds.js';
import { type NewDelivery, SessionInbox } from '../inbox/session-inbox.js';

/** So many are out at once, of so much text. What is more goes by the inboxes, which need no memory here. */
const MAX_OUT = 10_000;
const MAX_CHARACTERS = 16 * 1024 * 1024;

/** One message to a worker has so many at most, of so much text unless it is a single one. */
const MESSAGE_ITEMS = 32;
const MESSAGE_CHARACTERS = 256 * 1024;

/** A delivery that is to be sent, and the entry of the bus that it belongs to. */
export interface EntryDelivery {
  item: NewDelivery;
  entry: OpenEntry;
}

/** A trigger that one session's worker was sent. */
export interface DirectDelivery extends EntryDelivery {
  sessionId: string;
  /** What it was sent by. */
  feed: LocalFeed;
}

/**
 * Triggers that went from the bus to workers of this replica without a place in an inbox. Until the worker has one in its file the bus holds
 * it: a crash leaves it there, and whoever reads the bus next delivers it again. A worker that is slow or leaves gets what it has not
 * acknowledged into its inbox; so does one for which something else goes there, because a session's deliveries keep their order.
 */
@Injectable()
export class DirectDeliveries {
  /** In the order in which they were sent. */
  private readonly out = new Map<string, DirectDelivery[]>();
  private count = 0;
  private characters = 0;

  constructor(
    private readonly inbox: SessionInbox,
    private readonly feeds: InboxFeeds,
  ) {}

  /**
   * Sends what follows one another for one session, in as few messages as may be.
   * @param since when this replica began to read the bus: others may have appended to the inbox before
   * @returns how many, from the first, the worker was sent; the others belong into the inbox, after what `place` puts there
   */
  send(sessionId: string, deliveries: readonly EntryDelivery[], since: number): number {
    const feed = this.feeds.of(sessionId);
    if (!feed || this.out.get(sessionId)?.some((earlier) => earlier.feed !== feed)) return 0;
    let sent = 0;
    while (sent < deliveries.length) {
      const message = this.nextMessage(deliveries, sent);
      if (message.length === 0) break;
      if (
        !feed.feed.sendDirect(
          message.map(({ item }) => item),
          since,
        )
      )
        break;
      for (const { item, entry } of message) this.note({ sessionId, item, entry, feed });
      sent += message.length;
    }
    return sent;
  }

  /** Triggers from a place on; none if something else comes first, or if there is no room for the first. */
  private nextMessage(deliveries: readonly EntryDelivery[], from: number): EntryDelivery[] {
    let characters = 0;
    let end = from;
    for (; end < Math.min(deliveries.length, from + MESSAGE_ITEMS, from + MAX_OUT - this.count); end++) {
      const item = deliveries[end]?.item;
      if (item?.kind !== 'trigger') break;
      characters += item.text.length;
      if (this.characters + characters > MAX_CHARACTERS || (end > from && characters > MESSAGE_CHARACTERS)) break;
    }
    return deliveries.slice(from, end);
  }

  private note(direct: DirectDelivery): void {
    const out = this.out.get(direct.sessionId);
    if (out) out.push(direct);
    else this.out.set(direct.sessionId, [direct]);
    this.count++;
    this.characters += direct.item.text.length;
    direct.entry.hold();
  }

  has(sessionId: string, deliveryId: string): boolean {
    return this.out.get(sessionId)?.some(({ item }) => item.deliveryId === deliveryId) ?? false;
  }

  /** The worker says that it has them. The caller writes that down, and then ends them with `settle` or `giveUp`. */
  take(sessionId: string, deliveryIds: readonly string[]): DirectDelivery[] {
    const ids = new Set(deliveryIds);
    return this.takeWhere(sessionId, ({ item }) => ids.has(item.deliveryId));
  }

  /** It is written down that they were received. */
  settle(directs: readonly DirectDelivery[]): void {
    for (const { entry } of directs) entry.release();
  }

  /** That could not be written: they are sent again by the inbox, so that the worker says it once more. */
  async giveUp(directs: readonly DirectDelivery[]): Promise<void> {
    await this.append(directs, false);
  }

  /** Gives what is out for a session its place in the inbox. Whatever is appended after this call comes after it. */
  async place(sessionId: string): Promise<void> {
    await this.append(this.takeWhere(sessionId, () => true));
  }

  /** The same for all sessions for which something of these entries is out. */
  async placeAll(entries: ReadonlySet<OpenEntry>): Promise<void> {
    const sessionIds = [...this.out].flatMap(([sessionId, out]) =>
      out.some(({ entry }) => entries.has(entry)) ? sessionId : [],
    );
    await this.append(sessionIds.flatMap((sessionId) => this.takeWhere(sessionId, () => true)));
  }

  /** They stay on the bus, for whoever reads it next. */
  forget(entries: ReadonlySet<OpenEntry>): void {
    for (const sessionId of this.out.keys()) this.takeWhere(sessionId, ({ entry }) => entries.has(entry));
  }

  private takeWhere(sessionId: string, isWanted: (direct: DirectDelivery) => boolean): DirectDelivery[] {
    const out = this.out.get(sessionId);
    if (!out) return [];
    const taken = out.filter(isWanted);
    if (taken.length === out.length) this.out.delete(sessionId);
    else if (taken.length > 0)
      this.out.set(
        sessionId,
        out.filter((direct) => !isWanted(direct)),
      );
    this.count -= taken.length;
    for (const { item } of taken) this.characters -= item.text.length;
    return taken;
  }

  private async append(directs: readonly DirectDelivery[], isSent = true): Promise<void> {
    if (directs.length === 0) return;
    try {
      const results = await this.inbox.appendAll(
        directs.map(({ sessionId, item, feed }) => ({
          sessionId,
          item,
          sentBy: isSent && this.feeds.of(sessionId) === feed ? feed : undefined,
        })),
      );
      for (const [at, { entry }] of directs.entries()) {
        const result = results[at];
        if (result instanceof Error) entry.fail(result);
        else entry.release();
      }
    } catch (error) {
      for (const { entry } of directs) entry.fail(error);
    }
  }
}
