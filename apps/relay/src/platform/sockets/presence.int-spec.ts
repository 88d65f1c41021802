import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silent, TestRedis } from '../../../testing/test-redis.js';
import { Replica } from '../observability/replica.js';
import { presenceKeys } from '../redis/keys.js';
import type { Redis } from '../redis/redis.js';
import { Presence } from './presence.js';

describe('Presence', () => {
  let server: TestRedis;
  beforeAll(async () => {
    server = await TestRedis.start();
  });
  afterAll(() => server.stop());

  const replica = async (): Promise<{ presence: Presence; redis: Redis; id: string; lost: string[] }> => {
    const redis = server.connect();
    const own = new Replica();
    const presence = new Presence(redis, own, silent);
    const lost: string[] = [];
    presence.whenLost('agents', async (ids) => void lost.push(...ids));
    await presence.onModuleInit();
    return { presence, redis, id: own.id, lost };
  };

  it('says who holds what on any replica, and lets only the holder release it', async () => {
    const [a, b] = [await replica(), await replica()];
    expect(await a.presence.claim('agents', 's1', 'socket-1')).toBeNull();
    expect(await b.presence.holderOf('agents', 's1')).toEqual({ replicaId: a.id, socketId: 'socket-1' });
    expect(await b.presence.claim('agents', 's1', 'socket-2')).toEqual({ replicaId: a.id, socketId: 'socket-1' });
    expect(await a.presence.release('agents', 's1', 'socket-1')).toBe(false);
    expect(await a.presence.holdersOf('agents', ['s1', 'nobody'])).toEqual(
      new Map([['s1', { replicaId: b.id, socketId: 'socket-2' }]]),
    );
    expect(await b.presence.release('agents', 's1', 'socket-2')).toBe(true);
    expect(await a.presence.holderOf('agents', 's1')).toBeNull();
    await Promise.all([a.presence.onApplicationShutdown(), b.presence.onApplicationShutdown()]);
  });

  it('takes what a killed replica held for away, and tells of it once', async () => {
    const [dead, alive] = [await replica(), await replica()];
    await dead.presence.claim('agents', 's2', 'socket');
    await alive.presence.claim('agents', 's3', 'socket');
    dead.redis.commands.disconnect();
    await expect.poll(() => alive.presence.holderOf('agents', 's2')).toBeNull();
    await expect.poll(() => alive.lost).toEqual(['s2']);
    expect(await alive.redis.commands.hkeys(presenceKeys.agents)).toEqual(['s3']);
    await alive.presence.onApplicationShutdown();
  });

  it('tells of it again when that has failed, and clears it only then', async () => {
    const [dead, alive] = [await replica(), await replica()];
    let failures = 0;
    const cleared: boolean[] = [];
    alive.presence.whenLost('agents', async (ids) => {
      cleared.push((await alive.redis.commands.hexists(presenceKeys.agents, ids[0] ?? '')) === 0);
      if (failures++ === 0) throw new Error('The database is away.');
    });
    await dead.presence.claim('agents', 's5', 'socket');
    dead.redis.commands.disconnect();
    await expect.poll(() => cleared, { timeout: 20_000 }).toEqual([false, false]);
    await expect.poll(() => alive.redis.commands.hexists(presenceKeys.agents, 's5')).toBe(0);
    await alive.presence.onApplicationShutdown();
  });

  it('claims again what it holds when it was taken for dead', async () => {
    const one = await replica();
    await one.presence.claim('agents', 's4', 'socket');
    await one.redis.commands.del(presenceKeys.agents, presenceKeys.replica(one.id), presenceKeys.replicas);
    await expect.poll(() => one.redis.commands.hkeys(presenceKeys.agents)).toEqual(['s4']);
    expect(await one.presence.holderOf('agents', 's4')).toEqual({ replicaId: one.id, socketId: 'socket' });
    await one.presence.onApplicationShutdown();
  });
});
