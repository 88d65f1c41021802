import { Injectable } from '@nestjs/common';
import type { RunnerOrder } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { runnerKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { readEntries } from '../../../platform/streams/stream-replies.js';
import { type NewOrder, parseOrder } from './order.js';
import { appendOrder, finishOrder, withdrawOrder } from './runner-inbox.scripts.js';

/** Orders for a runner's daemon. They wait in a stream while it is away, and each stays there until the daemon is done with it. */
@Injectable()
export class RunnerInbox {
  constructor(
    private readonly redis: Redis,
    private readonly logger: PinoLogger,
  ) {}

  /** @returns false when an order with that id waits already */
  async append(runnerId: string, orderId: string, order: NewOrder): Promise<boolean> {
    const keys = [runnerKeys.inbox(runnerId), runnerKeys.inboxIds(runnerId), runnerKeys.wake(runnerId)];
    return (await appendOrder.run(this.redis.commands, keys, [orderId, JSON.stringify(order)])) === 1;
  }

  /** What waits after a cursor (null: everything), oldest first. An order that cannot be read is dropped, and the log says so. */
  async readAfter(
    runnerId: string,
    cursor: string | null,
    count: number,
  ): Promise<{ orders: RunnerOrder[]; last: string | null }> {
    const from = cursor === null ? '-' : `(${cursor}`;
    const entries = readEntries(
      await this.redis.commands.xrange(runnerKeys.inbox(runnerId), from, '+', 'COUNT', count),
    );
    const orders: RunnerOrder[] = [];
    for (const { id, fields } of entries) {
      const order = parseOrder(id, fields[3] ?? '');
      if (order) orders.push(order);
      else await this.drop(runnerId, id);
    }
    return { orders, last: entries.at(-1)?.id ?? null };
  }

  /** The daemon is done with the order. May be repeated. */
  async done(runnerId: string, cursor: string): Promise<void> {
    await finishOrder.run(this.redis.commands, [runnerKeys.inbox(runnerId), runnerKeys.inboxIds(runnerId)], [cursor]);
  }

  /** Withdraws an order that waits; the daemon may have seen it already. @returns whether it was there */
  async withdraw(runnerId: string, orderId: string): Promise<boolean> {
    const keys = [runnerKeys.inbox(runnerId), runnerKeys.inboxIds(runnerId)];
    return (await withdrawOrder.run(this.redis.commands, keys, [orderId])) === 1;
  }

  async delete(runnerId: string): Promise<void> {
    await this.redis.commands.del(runnerKeys.inbox(runnerId), runnerKeys.inboxIds(runnerId));
  }

  private async drop(runnerId: string, cursor: string): Promise<void> {
    this.logger.error({ runnerId, cursor }, 'Dropped an order that is not in the catalog');
    await this.done(runnerId, cursor);
  }
}
