import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { SessionView } from '@pizzapi/protocol';
import { type RedisServer, seededRandom, waitFor } from '@pizzapi/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FiredTrigger, fireAll } from './scenarios/triggers/firing.js';
import { Fleet } from './scenarios/triggers/fleet.js';
import { readSessionFiles } from './scenarios/triggers/session-files.js';
import { relays } from './topologies/topology.js';

const seed = Number(process.env['PIZZAPI_CHAOS_SEED'] ?? randomInt(1, 2 ** 31));
const MISSED = 600;

/** Three replicas decide about the same listeners at once, and each of them dies in the middle of it. */
describe(`of what a runner misses, a listener may want the latest only, seed ${seed}`, () => {
  let fleet: Fleet;
  let redis: RedisServer;
  const fired: FiredTrigger[] = [];

  beforeAll(async () => {
    const product = await relays(3);
    ({ redis } = product);
    fleet = await Fleet.start(product, { sessions: 0, listeners: 2, oneInPerSession: 1_000, oneInPerListener: 2 });
    for (const listenerId of fleet.listenerIds) await fleet.changeListener(listenerId, { missedRuns: 'latest' });
  }, 400_000);
  afterAll(async () => {
    await fleet.stop();
  });

  it('through hundreds of them, while relays and Redis are killed', { timeout: 400_000 }, async () => {
    await fleet.runner.stop();
    await fleet.untilAway();
    const random = seededRandom(seed);
    const firing = fireAll(fleet, {
      from: 1,
      to: MISSED,
      callers: 8,
      maxPauseMs: 150,
      random: (caller) => seededRandom(seed + caller + 1),
    });
    for (const relay of fleet.product.relays) {
      await pause(random() * 2_000);
      await relay.kill('SIGKILL');
      await pause(random() * 1_000);
      await relay.start();
    }
    await fleet.product.crashRedis();
    fired.push(...(await firing));

    const open = new Map<number, string>();
    const look = async (): Promise<boolean> => {
      open.clear();
      await Promise.all(
        fired.map(async ({ n, triggerId }) => {
          const [delivery, ...others] = await fleet.deliveriesOf(triggerId);
          expect(others, `number ${n}`).toEqual([]);
          if (delivery?.state === 'discarded') expect(delivery.reason).toBe('missed_while_away');
          else open.set(n, delivery?.state ?? 'unknown');
        }),
      );
      return open.size === 2;
    };
    await waitFor(look, { description: 'one waits for each listener', timeoutMs: 120_000 }).catch((cause: unknown) => {
      throw new Error(`seed ${seed}: ${JSON.stringify([...open])}`, { cause });
    });
    for (const listener of [0, 1]) {
      const own = fired.filter(({ n }) => n % 2 === listener);
      const kept = own.filter(({ n }) => open.has(n));
      expect(kept, `listener ${listener}, seed ${seed}`).toHaveLength(1);
      // Nothing that was fired only after it had been answered.
      expect(own.filter(({ sentAt }) => sentAt > (kept[0]?.answeredAt ?? 0)).map(({ n }) => n)).toEqual([]);
    }
    expect(await sessions('pending')).toHaveLength(2);

    await fleet.runner.start();
    const ran = (): number[] => files().flatMap(({ messages }) => messages);
    await waitFor(() => ran().length === 2, { description: 'the latest ones ran', timeoutMs: 90_000 });
    expect(ran().sort()).toEqual([...open.keys()].sort());
    expect(await sessions('pending')).toEqual([]);
    await waitFor(async () => (await left()).length === 0, { description: 'nothing is left in any stream' });
    console.log(`seed ${seed}: ${fired.length} missed, kept ${[...open.keys()].join(' and ')}`);
  });

  it('and once it is back, everyone has its session', { timeout: 200_000 }, async () => {
    const before = files().length;
    fired.push(
      ...(await fireAll(fleet, {
        from: MISSED + 1,
        to: MISSED + 6,
        callers: 2,
        maxPauseMs: 0,
        random: () => seededRandom(seed),
      })),
    );
    await waitFor(() => files().filter(({ isAnswered }) => isAnswered).length === before + 6, {
      description: 'all of them ran',
      timeoutMs: 120_000,
    });
    expect(
      files()
        .flatMap(({ messages }) => messages)
        .filter((n) => n > MISSED)
        .sort((a, b) => a - b),
    ).toEqual([1, 2, 3, 4, 5, 6].map((n) => MISSED + n));
  });

  function files(): ReturnType<typeof readSessionFiles> {
    return readSessionFiles(fleet.home);
  }

  async function sessions(status: string): Promise<SessionView[]> {
    const { body } = await fleet.api.get<{ sessions: SessionView[] }>(`/api/sessions?limit=100&status=${status}`);
    return body.sessions;
  }

  /** Streams of deliveries, orders and buses that still hold something. */
  async function left(): Promise<string[]> {
    const client = new Redis(redis.url);
    try {
      const found: string[] = [];
      for (const pattern of ['pz:{s:*}:inbox', 'pz:{r:*}:inbox', 'pz:{r:*}:bus'])
        for (const key of await client.keys(pattern)) if ((await client.xlen(key)) > 0) found.push(key);
      return found;
    } finally {
      client.disconnect();
    }
  }
});
