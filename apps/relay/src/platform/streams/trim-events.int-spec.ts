import { afterAll, beforeEach, beforeAll, describe, expect, it } from 'vitest';
import { silent, TestRedis } from '../../../testing/test-redis.js';
import { streamKeys } from '../redis/keys.js';
import type { Redis } from '../redis/redis.js';
import { trimEvents } from './trim-events.js';

describe('trimEvents', () => {
  let server: TestRedis;
  let redis: Redis;
  beforeAll(async () => {
    server = await TestRedis.start();
    redis = server.connect();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    await redis.commands.del(streamKeys.events);
  });

  const trim = (abandonedAfterMs: number): Promise<void> =>
    trimEvents(redis.commands, { groups: new Set(['ours']), logger: silent, abandonedAfterMs });
  const groups = async (): Promise<unknown[]> => {
    const all: unknown = await redis.commands.xinfo('GROUPS', streamKeys.events);
    return Array.isArray(all) ? all.map((fields: unknown[]) => fields[1]) : [];
  };
  const length = (): Promise<number> => redis.commands.xlen(streamKeys.events);

  /** Ours has handled all of 1,000 events, the other one nothing. */
  async function eventsWith(other: string, consumer?: string): Promise<void> {
    const { commands } = redis;
    for (const group of ['ours', other]) await commands.xgroup('CREATE', streamKeys.events, group, '0', 'MKSTREAM');
    await Promise.all(Array.from({ length: 1_000 }, () => commands.xadd(streamKeys.events, '*', 'type', 'x')));
    await commands.xreadgroup('GROUP', 'ours', 'me', 'COUNT', 1_000, 'NOACK', 'STREAMS', streamKeys.events, '>');
    if (consumer !== undefined)
      await commands.xreadgroup('GROUP', other, consumer, 'COUNT', 1, 'STREAMS', streamKeys.events, '>');
  }

  it('keeps what a reader of another version still needs, also one that has just come', async () => {
    await eventsWith('newer', 'a replica');
    await trim(60_000);
    expect([await groups(), await length()]).toEqual([['newer', 'ours'], 1_000]);
    await redis.commands.xgroup('DESTROY', streamKeys.events, 'newer');
    await redis.commands.xgroup('CREATE', streamKeys.events, 'just made', '0');
    await trim(60_000);
    expect([await groups(), await length()]).toEqual([['just made', 'ours'], 1_000]);
  });

  it('removes a group that nobody has read for long, so that the stream ends', async () => {
    await eventsWith('gone', 'a replica');
    await redis.commands.xgroup('CREATE', streamKeys.events, 'never read', '0');
    await expect
      .poll(async () => {
        await trim(200);
        return groups();
      })
      .toEqual(['ours']);
    // Redis trims whole nodes.
    expect(await length()).toBeLessThan(200);
  });

  it('never removes a group of this version, however long it was not read', async () => {
    await eventsWith('gone', 'a replica');
    await trim(0);
    expect(await groups()).toContain('ours');
  });
});
