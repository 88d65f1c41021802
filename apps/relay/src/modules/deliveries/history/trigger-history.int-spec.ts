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
      const entries = await history.list(sessionId, 200);
      expect(entries.map(({ triggerId }) => triggerId).reverse()).toEqual(numbers.map((n) => `trg_${n}`));
      for (const { triggerId, deliveryId, payload, ts, direction } of entries) {
        expect(deliveryId).toBe(deliveryIdOf(triggerId, sessionId));
        expect(payload).toEqual(deliveredTo(sessionId, Number(triggerId.slice(4))).payload);
        expect(ts >= before).toBe(true);
        expect(direction).toBe('inbound');
      }
    }
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
    expect((await history.list(sessionId, 200)).map(({ triggerId }) => triggerId)).toEqual(['trg_1']);
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
