import { Injectable } from '@nestjs/common';
import { InboxItem } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { Compile } from 'typebox/compile';
import { sessionKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { appendDelivery, changeDelivery, forgetDeliveries, readDeliveries } from './session-inbox.scripts.js';

/** A delivery before it has a place in the inbox. */
export type NewDelivery = Omit<InboxItem, 'cursor'>;
/** `sent`: the worker has got it, or may have; only the worker can still change it. */
export type ChangeResult = 'done' | 'unknown' | 'sent';

const check = Compile(InboxItem);
const ALL = 100_000;

/** Deliveries for a session's worker: they wait here, in order, until the worker has them in the session's file. */
@Injectable()
export class SessionInbox {
  constructor(
    private readonly redis: Redis,
    private readonly logger: PinoLogger,
  ) {}

  /** @returns false when a delivery of that id waits already */
  async append(sessionId: string, item: NewDelivery): Promise<boolean> {
    const keys = [...inboxKeys(sessionId), sessionKeys.wake(sessionId)];
    return (await appendDelivery.run(this.redis.commands, keys, [item.deliveryId, JSON.stringify(item)])) === 1;
  }

  /** What waits after a cursor (`0-0`: everything), to be sent to the worker: from now on only the worker can change it. */
  async readAfter(sessionId: string, cursor: string, count: number): Promise<InboxItem[]> {
    return this.read(sessionId, `(${cursor}`, count, true);
  }

  /** All that waits, for showing. */
  async list(sessionId: string): Promise<InboxItem[]> {
    return this.read(sessionId, '-', ALL, false);
  }

  /** The worker has them in its file. */
  async received(sessionId: string, deliveryIds: readonly string[]): Promise<void> {
    if (deliveryIds.length > 0) await forgetDeliveries.run(this.redis.commands, inboxKeys(sessionId), deliveryIds);
  }

  async edit(sessionId: string, deliveryId: string, text: string): Promise<ChangeResult> {
    return this.change(sessionId, [deliveryId, text]);
  }

  async remove(sessionId: string, deliveryId: string): Promise<ChangeResult> {
    return this.change(sessionId, [deliveryId]);
  }

  async delete(sessionId: string): Promise<void> {
    await this.redis.commands.del(...inboxKeys(sessionId));
  }

  private async change(sessionId: string, args: string[]): Promise<ChangeResult> {
    const result = await changeDelivery.run(this.redis.commands, inboxKeys(sessionId), args);
    return result === 1 ? 'done' : result === 2 ? 'sent' : 'unknown';
  }

  private async read(sessionId: string, from: string, count: number, isToBeSent: boolean): Promise<InboxItem[]> {
    const reply = await readDeliveries.run(this.redis.commands, inboxKeys(sessionId), [
      from,
      count,
      isToBeSent ? '1' : '0',
    ]);
    const texts = Array.isArray(reply) ? reply.filter((part) => typeof part === 'string') : [];
    const items: InboxItem[] = [];
    for (let at = 0; at + 1 < texts.length; at += 2) {
      const item = parseItem(texts[at] ?? '', texts[at + 1] ?? '');
      if (item) items.push(item);
      else this.logger.error({ sessionId, cursor: texts[at] }, 'A delivery in an inbox cannot be read');
    }
    return items;
  }
}

function inboxKeys(sessionId: string): string[] {
  return [sessionKeys.inbox(sessionId), sessionKeys.inboxIds(sessionId)];
}

function parseItem(cursor: string, json: string): InboxItem | null {
  const value: unknown = JSON.parse(json);
  const item: unknown = typeof value === 'object' && value !== null ? { ...value, cursor } : null;
  return check.Check(item) ? item : null;
}
