import type { DomainEvent } from '@pizzapi/protocol';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { v7 } from 'uuid';
import { silent, TestRedis } from '../../../testing/test-redis.js';
import { streamKeys } from '../redis/keys.js';
import type { Redis } from '../redis/redis.js';
import { ConsumerGroup } from './consumer-group.js';
import { EventBus } from './event-bus.js';

describe('ConsumerGroup', () => {
  let server: TestRedis;
  let redis: Redis;
  beforeAll(async () => {
    server = await TestRedis.start();
    redis = server.connect();
  });
  afterAll(() => server.stop());

  /** A group whose reader is asked about each event that it is given. It tries again soon. */
  async function start(refuses: (sessionId: string) => boolean) {
    const group = v7();
    const handled: string[] = [];
    const calls: string[] = [];
    const reader = {
      handle: (events: DomainEvent[]): Promise<void> => {
        const ids = events.flatMap((event) => (event.type === 'session.changed' ? [event.data.sessionId] : []));
        calls.push(...ids);
        if (ids.some(refuses)) return Promise.reject(new Error('The database is away.'));
        handled.push(...ids);
        return Promise.resolve();
      },
    };
    const consumer = v7();
    const consumers = new ConsumerGroup({
      options: { group, events: ['session.changed'] },
      reader,
      consumer,
      blocking: redis.connect('blocking'),
      commands: redis.commands,
      logger: silent,
      timing: { blockMs: 10, firstPauseMs: 1, reclaimAfterMs: 20, forgetAfterMs: 500 },
    });
    await consumers.start();
    onTestFinished(() => consumers.stop());
    const pending = async (): Promise<unknown> => (await redis.commands.xpending(streamKeys.events, group))[0];
    const parked = async (): Promise<string[][]> =>
      (await redis.commands.xrange(streamKeys.parked, '-', '+'))
        .map(([, fields]) => fields)
        .filter((it) => it[1] === group);
    const names = async (): Promise<unknown[]> => {
      const all: unknown = await redis.commands.xinfo('CONSUMERS', streamKeys.events, group);
      return Array.isArray(all) ? all.map((fields: unknown[]) => fields[1]) : [];
    };
    return { group, consumers, consumer, handled, calls, pending, parked, names };
  }

  it('keeps what cannot be handled, however often it fails, and handles it once it can be', async () => {
    let isAway = true;
    const { handled, calls, pending, parked } = await start(() => isAway);
    const sessionId = v7();
    await new EventBus(redis).publish('session.changed', { sessionId });
    await expect.poll(() => calls.filter((id) => id === sessionId).length).toBeGreaterThan(10);
    expect(await parked()).toEqual([]);
    isAway = false;
    await expect.poll(() => handled).toContain(sessionId);
    await expect.poll(pending).toBe(0);
  });

  it('handles the events beside one that cannot be handled', async () => {
    const [good, bad, later] = [v7(), v7(), v7()];
    const { handled, pending } = await start((id) => id === bad);
    const bus = new EventBus(redis);
    await Promise.all([bad, good].map((sessionId) => bus.publish('session.changed', { sessionId })));
    await expect.poll(() => handled).toContain(good);
    await bus.publish('session.changed', { sessionId: later });
    await expect.poll(() => handled).toContain(later);
    await expect.poll(pending).toBe(1);
  });

  it('forgets the consumers of replicas that are gone, and never one that has something pending', async () => {
    const bad = v7();
    const { group, consumers, consumer, pending, names } = await start((id) => id === bad);
    await redis.commands.xgroup('CREATECONSUMER', streamKeys.events, group, 'gone');
    await new EventBus(redis).publish('session.changed', { sessionId: bad });
    await expect.poll(pending).toBe(1);
    await expect.poll(names).toEqual([consumer]);
    // It stops with something pending, so it stays.
    await consumers.stop();
    expect(await names()).toEqual([consumer]);
  });

  it('leaves its group when it stops', async () => {
    const { consumers, consumer, handled, pending, names } = await start(() => false);
    const sessionId = v7();
    await new EventBus(redis).publish('session.changed', { sessionId });
    await expect.poll(() => handled).toContain(sessionId);
    await expect.poll(pending).toBe(0);
    expect(await names()).toEqual([consumer]);
    await consumers.stop();
    expect(await names()).toEqual([]);
  });

  it('parks what could not be handled for a day', async () => {
    const { pending, parked } = await start(() => true);
    const yesterday = Date.now() - 25 * 3_600_000;
    await redis.commands.del(streamKeys.events);
    const data = JSON.stringify({ sessionId: v7() });
    await redis.commands.xadd(streamKeys.events, `${yesterday}-0`, 'type', 'session.changed', 'data', data);
    await expect
      .poll(async () => (await parked()).map((fields) => fields.at(-1)))
      .toEqual([JSON.stringify(['type', 'session.changed', 'data', data])]);
    await expect.poll(pending).toBe(0);
  });
});
