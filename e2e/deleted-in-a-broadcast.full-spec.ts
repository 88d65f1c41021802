import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { DeadLetterView, DeliveryView } from '@pizzapi/protocol';
import {
  type ApiAnswer,
  type RedisServer,
  RelayApi,
  ScriptedRunner,
  type ScriptedWorker,
  seededRandom,
  waitFor,
} from '@pizzapi/testing';
import { Redis } from 'ioredis';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relays, type Topology } from './topologies/topology.js';

const seed = Number(process.env['PIZZAPI_CHAOS_SEED'] ?? randomInt(1, 2 ** 31));
const SESSIONS = 1_000;
const ATTACHED = 60;
const ROUNDS = 25;
const DELETED_PER_ROUND = 4;
const TYPE = 'time:count';
const Round = Type.Object({ payload: Type.Object({ round: Type.Integer() }) });

/** A broadcast is accepted for everybody at one moment and handed out after that: some are gone by then. */
describe(`sessions that are deleted in the middle of a broadcast to ${SESSIONS}, seed ${seed}`, () => {
  let product: Topology & { redis: RedisServer };
  let ada: RelayApi;
  let runner: ScriptedRunner;
  const left: string[] = [];
  const deleted: string[] = [];
  const workers = new Map<string, ScriptedWorker>();

  beforeAll(async () => {
    product = await relays(2);
    ada = await new RelayApi(product.url).register('ada@example.com');
    runner = await ScriptedRunner.connect(ada);
    const make = async (): Promise<void> => {
      while (left.length < SESSIONS) {
        const place = left.push('') - 1;
        const { sessionId } = (await ada.post<{ sessionId: string }>('/api/sessions', { runnerId: runner.runnerId }))
          .body;
        left[place] = sessionId;
        const path = `/api/sessions/${sessionId}/trigger-subscriptions`;
        expect((await ada.post(path, { triggerType: TYPE })).status).toBe(201);
      }
    };
    await Promise.all(Array.from({ length: 8 }, make));
    for (const sessionId of left.slice(0, ATTACHED)) workers.set(sessionId, await runner.startWorker(sessionId));
  }, 400_000);
  afterAll(async () => {
    for (const worker of workers.values()) worker.stop();
    runner.stop();
    await product.stop();
  });

  it('neither hold it up nor leave anything behind', { timeout: 400_000 }, async () => {
    const random = seededRandom(seed);
    const fired: { triggerId: string; subscriptions: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const firing = ada.post<{ triggerId: string; subscriptions: number }>(
        `/api/runners/${runner.runnerId}/trigger-broadcast`,
        { type: TYPE, payload: { round } },
      );
      await pause(random() * 40);
      await Promise.all(Array.from({ length: DELETED_PER_ROUND }, () => remove(random)));
      const { status, body } = await firing;
      expect(status).toBe(202);
      fired.push(body);
    }

    const counts = { received: 0, waiting: 0, dead: 0 };
    const dead: string[] = [];
    for (const { triggerId, subscriptions } of fired) {
      const deliveries = await settled(triggerId);
      expect(deliveries).toHaveLength(subscriptions);
      for (const { state, sessionId, reason, deliveryId } of deliveries) {
        if (state === 'dead') dead.push(deliveryId);
        if (state === 'dead') expect([deleted.includes(sessionId ?? ''), reason]).toEqual([true, 'session_deleted']);
        if (state === 'waiting') expect(workers.has(sessionId ?? '')).toBe(false);
        if (state === 'dead' || state === 'waiting' || state === 'received') counts[state]++;
      }
    }
    for (const [sessionId, { received }] of workers) {
      const rounds = received.map(({ text }) => Value.Parse(Round, JSON.parse(text)).payload.round);
      const expected = Array.from({ length: rounds.length }, (_, round) => round);
      expect(rounds, sessionId).toEqual(expected);
      if (!deleted.includes(sessionId)) expect(rounds).toHaveLength(ROUNDS);
    }
    // Some were in time, some were not, and most have nobody who comes for it.
    expect(Object.entries(counts).filter(([, count]) => count === 0)).toEqual([]);
    // One that its worker had received after all stands there for a moment.
    const ids = async (): Promise<string[]> => (await allLetters()).map(({ deliveryId }) => deliveryId).sort();
    await expect.poll(ids).toEqual(dead.sort());
    expect(new Set((await allLetters()).map(({ reason }) => reason.code))).toEqual(new Set(['session_deleted']));
    await waitFor(async () => (await remains()).length === 0, { description: 'nothing is left of those deleted' });
    console.log(`seed ${seed}: ${ROUNDS} broadcasts, ${deleted.length} deleted, ${JSON.stringify(counts)}`);
  });

  async function remove(random: () => number): Promise<void> {
    // Every other one has a worker.
    const among = random() < 0.5 ? ATTACHED / 2 : left.length;
    const [sessionId = ''] = left.splice(Math.floor(random() * among), 1);
    expect((await ada.delete(`/api/sessions/${sessionId}`)).status).toBe(204);
    deleted.push(sessionId);
  }

  /** Once nothing is on its way to those who can receive it, or to nobody. */
  async function settled(triggerId: string): Promise<DeliveryView[]> {
    let last: DeliveryView[] = [];
    const isWanted = ({ state, sessionId }: DeliveryView): boolean =>
      state === 'waiting' && (workers.has(sessionId ?? '') || deleted.includes(sessionId ?? ''));
    const ask = async (): Promise<boolean> => {
      const answer: ApiAnswer<{ deliveries: DeliveryView[] }> = await ada.get(`/api/triggers/${triggerId}`);
      last = answer.body.deliveries;
      return !last.some(isWanted);
    };
    await waitFor(ask, { description: 'all have it, or are known to be gone', timeoutMs: 180_000 }).catch(
      (cause: unknown) => {
        const open = last.filter(isWanted).map(({ sessionId }) => sessionId);
        throw new Error(`seed ${seed}: ${open.length} wait: ${open.slice(0, 5).join(', ')}`, { cause });
      },
    );
    return last;
  }

  async function allLetters(): Promise<DeadLetterView[]> {
    const found: DeadLetterView[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const path: string = `/api/dead-letters?limit=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
      const { body }: ApiAnswer<{ deadLetters: DeadLetterView[]; nextCursor?: string }> = await ada.get(path);
      found.push(...body.deadLetters);
      cursor = body.nextCursor;
    }
    return found;
  }

  /** In Redis, of deleted sessions or on the bus. */
  async function remains(): Promise<string[]> {
    const client = new Redis(product.redis.url);
    try {
      const found: string[] = [];
      for (const sessionId of deleted) found.push(...(await client.keys(`pz:{s:${sessionId}}:*`)));
      for (const key of await client.keys('pz:{r:*}:bus')) if ((await client.xlen(key)) > 0) found.push(key);
      return found;
    } finally {
      client.disconnect();
    }
  }
});
