import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { SessionEvent } from '@pizzapi/protocol';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestRedis } from '../../../../testing/test-redis.js';
import type { Redis } from '../../../platform/redis/redis.js';
import { EventLog } from './event-log.js';

const NOTHING = { lastSeq: 0, lastEntryId: null };

function aDelta(seq: number): SessionEvent {
  return { seq, type: 'tool.output', ts: '2026-11-21T08:00:00.000Z', data: { toolCallId: 'call', delta: `${seq}` } };
}

describe('EventLog', () => {
  let server: TestRedis;
  let redis: Redis;
  beforeAll(async () => {
    server = await TestRedis.start();
    redis = server.connect();
  });
  afterAll(() => server.stop());

  it('keeps batches in order that do not wait for one another, also on a Redis that does not know its functions yet', async () => {
    const log = new EventLog(redis);
    await redis.commands.script('FLUSH');
    const id = v7();
    await log.open(id, 1, null, NOTHING);
    const first = log.append(id, 1, [aDelta(1)]);
    await nextTurn();
    // Redis is busy before it reads the second batch, and the third follows when the first has been answered.
    const busy = redis.commands.eval('for i = 1, 2e7 do end', 0);
    const second = log.append(id, 1, [aDelta(2)]);
    await pause(20);
    const third = log.append(id, 1, [aDelta(3)]);
    expect(await Promise.all([first, second, third])).toEqual([1, 2, 3]);
    await busy;
  });
});
