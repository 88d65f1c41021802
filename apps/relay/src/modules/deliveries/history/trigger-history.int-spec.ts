import { IdPrefix, type DeliveredTrigger } from '@pizzapi/protocol';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numberedTrigger } from '../../../../testing/delivery-parts.js';
import { silent, TestRedis } from '../../../../testing/test-redis.js';
import { sessionKeys } from '../../../platform/redis/keys.js';
import type { Redis } from '../../../platform/redis/redis.js';
import { triggerItem } from '../bus/fan-out.js';
import { deliveryIdOf } from '../delivery-id.js';
import { TriggerHistory } from './trigger-history.js';
import { TriggerResponses } from './trigger-responses.js';

describe('what workers got without the inbox', () => {
  let server: TestRedis;
  let redis: Redis;
  let history: TriggerHistory;
  beforeAll(async () => {
    server = await TestRedis.start();
    redis = server.connect();
    history = new TriggerHistory(redis, new TriggerResponses(redis), silent);
  });
  afterAll(() => server.stop());

  const deliveredTo = (sessionId: string, n: number): DeliveredTrigger => ({
    ...numberedTrigger(n),
    triggerId: `${IdPrefix.trigger}${n}`,
    payload: { n, quoted: '"\\" \u2028 🍕', sessionId: 'payload' },
    runnerId: v7(),
    subscriptionIds: [`sub_${sessionId}`],
  });
  const itemsOf = (sessionId: string, numbers: readonly number[]) =>
    numbers.map((n) => {
      const delivered = deliveredTo(sessionId, n);
      return triggerItem(deliveryIdOf(delivered.triggerId, sessionId), delivered);
    });

  it('enters the history of each session with its own ids, whatever else reached others at once', async () => {
    const sessions = Array.from({ length: 150 }, (_, at) => ({ sessionId: v7(), numbers: [7, 8, at % 3] }));
    const received = sessions.map(({ sessionId, numbers }) => ({ sessionId, items: itemsOf(sessionId, numbers) }));
    const before = new Date().toISOString();
    expect(await history.enter(received)).toEqual(received.map(() => null));
    for (const { sessionId, numbers } of sessions) {
      const entries = await history.list(sessionId);
      expect(entries.map(({ triggerId }) => triggerId).reverse()).toEqual(numbers.map((n) => `trg_${n}`));
      for (const { triggerId, deliveryId, payload, ts, direction } of entries) {
        expect(deliveryId).toBe(deliveryIdOf(triggerId, sessionId));
        expect(payload).toEqual(deliveredTo(sessionId, Number(triggerId.slice(4))).payload);
        expect(ts >= before).toBe(true);
        expect(direction).toBe('inbound');
      }
    }
  });

  /** The numbers on each page. */
  const pages = async (sessionId: string, limit: number, between?: () => Promise<unknown>): Promise<string[][]> => {
    const seen: string[][] = [];
    let cursor: string | undefined;
    do {
      const { page, nextCursor } = await history.page(sessionId, limit, cursor);
      seen.push(page.map(({ triggerId }) => triggerId.slice(4)));
      await between?.();
      cursor = nextCursor;
    } while (cursor !== undefined);
    return seen;
  };

  it('has each entry on one page, the newest first, whatever comes between two pages', async () => {
    const sessionId = v7();
    await history.enter([{ sessionId, items: itemsOf(sessionId, [1, 2, 3, 4, 5]) }]);
    expect(await pages(sessionId, 2)).toEqual([['5', '4'], ['3', '2'], ['1']]);
    expect(await pages(sessionId, 5)).toEqual([['5', '4', '3', '2', '1']]);
    let next = 6;
    const another = () => history.enter([{ sessionId, items: itemsOf(sessionId, [next++]) }]);
    expect(await pages(sessionId, 2, another)).toEqual([['5', '4'], ['3', '2'], ['1']]);
  });

  it('has one that was entered twice on one page', async () => {
    const sessionId = v7();
    for (const n of [1, 2, 3, 1, 4]) await history.enter([{ sessionId, items: itemsOf(sessionId, [n]) }]);
    expect(await pages(sessionId, 5)).toEqual([['4', '3', '2', '1']]);
    expect(await pages(sessionId, 2)).toEqual([['4', '1'], ['3', '2'], []]);
    expect(await pages(sessionId, 3)).toEqual([['4', '1', '3'], ['2']]);
  });

  it('ends where the rest was trimmed between two pages, and refuses the cursor of another session', async () => {
    const sessionId = v7();
    const numbers = (from: number, count: number) => Array.from({ length: count }, (_, at) => from + at);
    await history.enter([{ sessionId, items: itemsOf(sessionId, numbers(0, 10)) }]);
    const { nextCursor } = await history.page(sessionId, 5);
    expect(nextCursor).toBeDefined();
    await expect(history.page(v7(), 5, nextCursor)).rejects.toThrow('cursor: take it from "nextCursor"');
    await history.enter([{ sessionId, items: itemsOf(sessionId, numbers(10, 300)) }]);
    expect(await history.page(sessionId, 5, nextCursor)).toEqual({ page: [] });
    expect((await pages(sessionId, 60)).flat()).toEqual(numbers(110, 200).reverse().map(String));
  });

  it('leaves out an entry that is damaged, and shows the others', async () => {
    const sessionId = v7();
    await history.enter([{ sessionId, items: itemsOf(sessionId, [1]) }]);
    const damaged = [
      '',
      'no entry at all',
      '2026-11-21T08:00:00.000Z {"kind":',
      '2026-11-21T08:00:00.000Z {"kind":"trigger"}',
    ];
    const unreadable = { ...itemsOf(sessionId, [2])[0], text: '{' };
    await redis.commands.lpush(sessionKeys.history(sessionId), ...damaged, `x ${JSON.stringify(unreadable)}`);
    expect((await history.list(sessionId)).map(({ triggerId }) => triggerId)).toEqual(['trg_1']);
  });

  it("says which subscriptions matched in nobody else's history", async () => {
    const first = v7();
    const second = v7();
    const received = [first, second].map((sessionId) => ({ sessionId, items: itemsOf(sessionId, [1]) }));
    await history.enter(received);
    const lines = await redis.commands.lrange(sessionKeys.history(second), 0, -1);
    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toContain(`sub_${first}`);
  });
});
