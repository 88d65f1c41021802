import { Injectable } from '@nestjs/common';
import { IdPrefix, InboxItem } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { Compile } from 'typebox/compile';
import { indexKeys, sessionKeys } from '../../../platform/redis/keys.js';
import { parseJson } from '../../../platform/redis/parse-json.js';
import { Queues } from '../../../platform/queues/queues.js';
import { Redis } from '../../../platform/redis/redis.js';
import { compareStreamIds } from '../../../platform/streams/stream-id.js';
import { HistoryTimes } from '../history/history-times.js';
import { InboxFeeds, type LocalFeed } from './inbox-feeds.js';
import {
  appendDelivery,
  changeDelivery,
  dropEmptyInbox,
  forgetDeliveries,
  pauseInbox,
  readDeliveries,
  receiveDeliveries,
  scanPlaces,
} from './session-inbox.scripts.js';
import type { NewDelivery } from './new-delivery.js';

/** A delivery and the session that it is for. */
export interface SessionDelivery {
  sessionId: string;
  item: NewDelivery;
  /** The feed that has already sent it to the worker, directly. */
  sentBy?: LocalFeed | undefined;
}
/** A delivery that waits, and how often it was sent to the worker. */
export interface WaitingDelivery {
  item: InboxItem;
  timesSent: number;
}
/** A delivery and its place in the inbox. */
export type DeliveryPlace = Pick<InboxItem, 'deliveryId' | 'cursor'>;
/** Deliveries that a worker has in its session's file. */
export interface Receipt {
  sessionId: string;
  deliveryIds: readonly string[];
}
/** `sent`: the worker may have it already, and only the worker can still change it. `unknown`: no such input is in the inbox. */
export type ChangeResult = 'done' | 'unknown' | 'sent';

const check = Compile(InboxItem);
const ALL = 100_000;
/**
 * A message to a worker ends with the delivery that reaches this size. Pings wait behind a large message, and a connection whose pings go unanswered for
 * 20 s counts as dead. The message would then be sent again from the beginning, so a worker on a slow line would never get it.
 */
const MESSAGE_BYTES = 256 * 1024;
/** How many deliveries are appended in one go. Workers get those of the first chunk while the next is on its way to Redis. */
const CHUNK = 64;
/** How many entries Redis looks at in one go. */
const SCANNED = 1_000;

/** Deliveries wait here, in order, until the session's worker has them in the session's file. */
@Injectable()
export class SessionInbox {
  private readonly historyTimes = new HistoryTimes();

  constructor(
    private readonly redis: Redis,
    private readonly feeds: InboxFeeds,
    private readonly queues: Queues,
    private readonly logger: PinoLogger,
  ) {}

  /** @returns false when a delivery with that id waits already. @throws Error when Redis refuses it */
  async append(sessionId: string, item: NewDelivery): Promise<boolean> {
    const [result] = await this.appendAll([{ sessionId, item }]);
    if (result instanceof Error) throw result;
    return result ?? false;
  }

  /**
   * Appends in the given order.
   * @returns for each whether it is new, or why it could not be appended
   */
  async appendAll(deliveries: readonly SessionDelivery[]): Promise<(boolean | Error)[]> {
    if (deliveries.length === 0) return [];
    const now = Date.now();
    const chunks: Promise<(boolean | Error)[]>[] = [];
    for (let at = 0; at < deliveries.length; at += CHUNK)
      chunks.push(this.appendChunk(deliveries.slice(at, at + CHUNK)));
    // Issued after the deliveries, on the same connection. So whoever finds an inbox empty and removes it from the index has either seen these, or is
    // overruled by this. Should it fail, the caller appends again, as after any failure.
    const indexed = this.redis.commands.zadd(
      indexKeys.inboxes,
      'NX',
      ...deliveries.flatMap(({ sessionId }) => [now, sessionId]),
    );
    const [results] = await Promise.all([Promise.all(chunks), indexed]);
    return results.flat();
  }

  /**
   * To be called when the session's worker was unloaded: whoever appends from now on orders it back.
   * @returns true when something waits already, so that the caller has to do so
   */
  async pause(sessionId: string): Promise<boolean> {
    const keys = [sessionKeys.inbox(sessionId), sessionKeys.meta(sessionId)];
    return (await pauseInbox.run(this.redis.commands, keys, [])) === 1;
  }

  /** Those of the sessions whose inbox is not empty. */
  async withWaiting(sessionIds: readonly string[]): Promise<string[]> {
    const lengths = await Promise.all(sessionIds.map((id) => this.redis.commands.xlen(sessionKeys.inbox(id))));
    return sessionIds.filter((_, at) => lengths[at] !== 0);
  }

  /**
   * Reads what waits after a cursor (`0-0`: everything) in order to send it to the worker; from now on only the worker can change it. Returns at most
   * what fits into one message, but at least one delivery.
   * @returns `last`: the cursor of the last entry that was looked at (which this version may not understand), or null at the end
   */
  async readAfter(
    sessionId: string,
    cursor: string,
    count: number,
  ): Promise<{ items: InboxItem[]; last: string | null }> {
    const { waiting, last } = await this.read(sessionId, `(${cursor}`, count, true);
    return { items: waiting.map(({ item }) => item), last };
  }

  /** Reads what waits, from the head on, without marking it as sent. */
  async list(sessionId: string, count = ALL): Promise<WaitingDelivery[]> {
    return (await this.read(sessionId, '-', count, false)).waiting;
  }

  /** Like {@link readAfter}, but without marking anything as sent, and whatever its size. */
  listAfter(
    sessionId: string,
    cursor: string,
    count: number,
  ): Promise<{ waiting: WaitingDelivery[]; last: string | null }> {
    return this.read(sessionId, `(${cursor}`, count, false);
  }

  /**
   * Where inputs wait, in order; {@link find} reads their content. Consoles ask for this again and again while a session is away, and there may be very
   * many triggers among them. Redis passes over those by itself, some at a time, so that nobody else has to wait.
   */
  async inputPlaces(sessionId: string): Promise<DeliveryPlace[]> {
    const found = new Map<string, DeliveryPlace>();
    const keys = [sessionKeys.inboxIds(sessionId)];
    let place = '0';
    do {
      const reply = await scanPlaces.run(this.redis.commands, keys, [place, `${IdPrefix.input}*`, SCANNED]);
      const [next = '0', ...pairs] = Array.isArray(reply) ? reply.map(String) : [];
      for (let at = 0; at + 1 < pairs.length; at += 2) {
        const [deliveryId = '', cursor = ''] = pairs.slice(at, at + 2);
        found.set(deliveryId, { deliveryId, cursor });
      }
      place = next;
    } while (place !== '0');
    return [...found.values()].sort((a, b) => compareStreamIds(a.cursor, b.cursor));
  }

  /** Removes what workers have in their files; triggers pass into the histories. @returns for each session what went wrong, or null */
  async received(receipts: readonly Receipt[]): Promise<(Error | null)[]> {
    const ts = new Date().toISOString();
    const calls = receipts.map(({ sessionId, deliveryIds }) => ({
      keys: [...inboxKeys(sessionId), sessionKeys.history(sessionId), sessionKeys.responses(sessionId)],
      args: [ts, this.historyTimes.isDue(sessionId) ? '1' : '0', ...deliveryIds],
    }));
    const replies = await receiveDeliveries.runAll(this.redis.commands, calls);
    return replies.map((reply) => (reply instanceof Error ? reply : null));
  }

  /** Removes deliveries from these places. One that has another place by now was appended again since, and stays. */
  async forget(sessionId: string, places: readonly DeliveryPlace[]): Promise<void> {
    if (places.length === 0) return;
    const args = places.flatMap(({ deliveryId, cursor }) => [deliveryId, cursor]);
    await forgetDeliveries.run(this.redis.commands, inboxKeys(sessionId), args);
  }

  /** The waiting deliveries of these ids, in the same order; null for one that does not wait. */
  async find(deliveries: readonly { sessionId: string; deliveryId: string }[]): Promise<(WaitingDelivery | null)[]> {
    const values = await Promise.all(
      deliveries.map(({ sessionId, deliveryId }) =>
        this.redis.commands.hget(sessionKeys.inboxIds(sessionId), deliveryId),
      ),
    );
    return values.map((value) => parseValue(value ?? ''));
  }

  async edit(sessionId: string, deliveryId: string, text: string): Promise<ChangeResult> {
    return this.change(sessionId, [deliveryId, text]);
  }

  async remove(sessionId: string, deliveryId: string): Promise<ChangeResult> {
    return this.change(sessionId, [deliveryId]);
  }

  /** For a session that is gone: deletes the empty stream, which would stay for ever. Does nothing when something has just been appended. */
  async dropIfEmpty(sessionId: string): Promise<void> {
    await dropEmptyInbox.run(this.redis.commands, [sessionKeys.inbox(sessionId)], []);
  }

  async delete(sessionId: string): Promise<void> {
    const [inbox, ids, channel] = inboxKeys(sessionId);
    await this.redis.commands.del(inbox, ids);
    await this.redis.commands.spublish(channel, '');
  }

  private async appendChunk(deliveries: readonly SessionDelivery[]): Promise<(boolean | Error)[]> {
    const sentAt = performance.now();
    // An input can be changed until it is sent, so feeds do not take it from memory but read it.
    const feeds = deliveries.map(
      ({ sessionId, item, sentBy }) => sentBy ?? (item.kind === 'trigger' ? this.feeds.of(sessionId) : undefined),
    );
    const calls = deliveries.map(({ sessionId, item }, at) => {
      const [inbox, ids, channel] = inboxKeys(sessionId);
      return {
        keys: [inbox, ids, sessionKeys.wake(sessionId), channel, sessionKeys.meta(sessionId)],
        args: [item.deliveryId, JSON.stringify(item), feeds[at]?.token ?? ''],
      };
    });
    const replies = await appendDelivery.runAll(this.redis.commands, calls);
    const asleep: { sessionId: string; cursor: string }[] = [];
    const results = deliveries.map(({ sessionId, item, sentBy }, at) => {
      const reply = replies[at];
      if (reply instanceof Error) return reply;
      const [cursor, previous, where] = Array.isArray(reply) ? (reply as unknown[]) : [];
      if (typeof cursor !== 'string' || typeof previous !== 'string') {
        // Perhaps this same command was sent twice because its first answer was lost; then nobody has heard of the delivery yet.
        this.feeds.of(sessionId)?.feed.wake();
        return false;
      }
      const appended = { previous, cursor, sentAt };
      if (where === 'asleep') asleep.push({ sessionId, cursor });
      // Without waiting for Redis' wake-up, so that nothing overtakes it in the meantime.
      if (where !== 'here') this.feeds.of(sessionId)?.feed.wake();
      else if (sentBy) sentBy.feed.place(appended, item);
      else feeds[at]?.feed.offer(appended, item);
      return true;
    });
    // Should this fail, the sweep of paused sessions finds them.
    await Promise.all(
      asleep.map(({ sessionId, cursor }) => this.queues.add('wake-session', `${sessionId}.${cursor}`, { sessionId })),
    );
    return results;
  }

  private async change(sessionId: string, args: string[]): Promise<ChangeResult> {
    switch (await changeDelivery.run(this.redis.commands, inboxKeys(sessionId), args)) {
      case 1:
        return 'done';
      case 2:
        return 'sent';
      default:
        return 'unknown';
    }
  }

  private async read(
    sessionId: string,
    from: string,
    count: number,
    isToBeSent: boolean,
  ): Promise<{ waiting: WaitingDelivery[]; last: string | null }> {
    const reply = await readDeliveries.run(this.redis.commands, inboxKeys(sessionId), [
      from,
      count,
      isToBeSent ? '1' : '0',
      isToBeSent ? MESSAGE_BYTES : Number.MAX_SAFE_INTEGER,
    ]);
    const [last = '', ...texts] = Array.isArray(reply) ? reply.map(String) : [];
    const waiting: WaitingDelivery[] = [];
    for (let at = 0; at + 2 < texts.length; at += 3) {
      const delivery = parseWaiting(texts[at] ?? '', texts[at + 1] ?? '', texts[at + 2] ?? '');
      if (delivery) waiting.push(delivery);
      else this.logger.error({ sessionId, cursor: texts[at] }, 'A delivery in an inbox cannot be read');
    }
    return { waiting, last: last === '' ? null : last };
  }
}

function inboxKeys(sessionId: string): [string, string, string] {
  return [sessionKeys.inbox(sessionId), sessionKeys.inboxIds(sessionId), sessionKeys.deliveries(sessionId)];
}

/** Parses a value of the hash. */
function parseValue(value: string): WaitingDelivery | null {
  const [, cursor = '', sent = '', json = ''] = /^(\S+) (\d+) (.*)$/s.exec(value) ?? [];
  return json === '' ? null : parseWaiting(cursor, sent, json);
}

function parseWaiting(cursor: string, timesSent: string, json: string): WaitingDelivery | null {
  const value = parseJson(json);
  const item: unknown = typeof value === 'object' && value !== null ? { ...value, cursor } : null;
  return check.Check(item) ? { item, timesSent: Number(timesSent) } : null;
}
