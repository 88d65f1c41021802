import { Injectable } from '@nestjs/common';
import type { OpenEntry } from '../bus/open-entry.js';
import { InboxFeeds, type LocalFeed } from '../inbox/inbox-feeds.js';
import { SessionInbox } from '../inbox/session-inbox.js';
import type { NewDelivery } from '../inbox/new-delivery.js';

/** Limits for what is unacknowledged at once. Beyond them deliveries go to the inboxes, which cost no memory here. */
const MAX_OUT = 10_000;
const MAX_CHARACTERS = 16 * 1024 * 1024;

/** Limits for one message to a worker. A single delivery may be longer. */
const MESSAGE_ITEMS = 32;
const MESSAGE_CHARACTERS = 256 * 1024;

/** A delivery to be sent, and its entry on the bus. */
export interface EntryDelivery {
  item: NewDelivery;
  entry: OpenEntry;
}

/** A trigger that one session's worker was sent. */
export interface DirectDelivery extends EntryDelivery {
  sessionId: string;
  /** The worker's connection that it was sent over. */
  feed: LocalFeed;
}

/**
 * Triggers that were sent from the bus to workers of this replica without going through an inbox. Each stays on the bus until the worker has it in the
 * session's file: after a crash, the next reader of the bus delivers it again. When a worker is slow or leaves, what it has not acknowledged is put
 * into the session's inbox. The same happens when something else for the session goes there, because deliveries keep their order.
 */
@Injectable()
export class DirectDeliveries {
  /** By session, in the order in which they were sent. */
  private readonly out = new Map<string, DirectDelivery[]>();
  private count = 0;
  private characters = 0;

  constructor(
    private readonly inbox: SessionInbox,
    private readonly feeds: InboxFeeds,
  ) {}

  /**
   * Sends deliveries to one session's worker, in order and in as few messages as possible.
   * @param since since when this replica has been the only reader of the bus; before that, others may have appended to the inbox. In ms of
   * `performance.now()`
   * @returns how many were sent, counted from the first; the rest must go into the inbox, after what {@link place} puts there
   */
  send(sessionId: string, deliveries: readonly EntryDelivery[], since: number): number {
    const feed = this.feeds.of(sessionId);
    if (!feed || this.out.get(sessionId)?.some((earlier) => earlier.feed !== feed)) return 0;
    let sent = 0;
    while (sent < deliveries.length) {
      const message = this.nextMessage(deliveries, sent);
      if (message.length === 0) break;
      const items = message.map(({ item }) => item);
      if (!feed.feed.sendDirect(items, since)) break;
      for (const { item, entry } of message) this.note({ sessionId, item, entry, feed });
      sent += message.length;
    }
    return sent;
  }

  /** The next triggers that fit into one message; none where an input comes first, or where the limits leave no room. */
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

  /** Takes out what a worker acknowledges. The caller records that, and must then call {@link settle}, or {@link giveUp} if it could not. */
  take(sessionId: string, deliveryIds: readonly string[]): DirectDelivery[] {
    const ids = new Set(deliveryIds);
    return this.takeWhere(sessionId, ({ item }) => ids.has(item.deliveryId));
  }

  /** Their receipt was recorded. */
  settle(directs: readonly DirectDelivery[]): void {
    for (const { entry } of directs) entry.release();
  }

  /** Their receipt could not be recorded: they are sent once more from the inbox, so that the worker acknowledges them again. */
  async giveUp(directs: readonly DirectDelivery[]): Promise<void> {
    await this.append(directs, false);
  }

  /** Puts what a session's worker has not acknowledged into the inbox. Whatever is appended after this call comes behind it. */
  async place(sessionId: string): Promise<void> {
    await this.append(this.takeWhere(sessionId, () => true));
  }

  /** The same for every session with an unacknowledged delivery of these entries. */
  async placeAll(entries: ReadonlySet<OpenEntry>): Promise<void> {
    const sessionIds = [...this.out].flatMap(([sessionId, out]) =>
      out.some(({ entry }) => entries.has(entry)) ? sessionId : [],
    );
    await this.append(sessionIds.flatMap((sessionId) => this.takeWhere(sessionId, () => true)));
  }

  /** Forgets deliveries of these entries. They are still on the bus, for its next reader. */
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
