import type { DeadLetterView, SessionView } from '@pizzapi/protocol';
import { seededRandom, waitFor } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FiredTrigger, fireAll } from './scenarios/triggers/firing.js';
import { Fleet } from './scenarios/triggers/fleet.js';
import { expectedSessions, judge } from './scenarios/triggers/verdict.js';
import { oneRelay } from './topologies/topology.js';

describe('a runner that is away', () => {
  let fleet: Fleet;
  const fired: FiredTrigger[] = [];

  beforeAll(async () => {
    const product = await oneRelay();
    fleet = await Fleet.start(product, { sessions: 2, listeners: 2, oneInPerSession: 5, oneInPerListener: 10 });
  });
  afterAll(async () => {
    await fleet.stop();
  });

  it('gets all that came meanwhile, through a relay and a Redis that died as well', async () => {
    await fleet.runner.stop();
    await fleet.untilAway();
    await fire(5);
    const [relay] = fleet.product.relays;
    await relay?.kill('SIGKILL');
    await relay?.start();
    await fleet.product.crashRedis();
    await fire(5);
    expect(await states()).toEqual(Array.from({ length: 6 }, () => 'waiting'));
    await waitFor(async () => (await pending()).length === expectedSessions(fleet, fired), {
      description: 'what listeners started waits, visibly',
    });
    await fleet.runner.start();
    await received();
  });

  it(
    'for longer than may be waited: dead letters, which arrive once they are replayed',
    { timeout: 300_000 },
    async () => {
      const { api, listenerIds } = fleet;
      for (const listenerId of listenerIds) await fleet.changeListener(listenerId, { maxWaitMs: 1_000 });
      await fleet.runner.stop();
      await fleet.untilAway();
      await restartRelay({ PIZZAPI_INBOX_KEEP: '1s' });
      const from = fired.length;
      await fire(10);
      const late = fired.slice(from);
      await waitFor(async () => (await deadLetters()).length === 6, {
        description: 'what waited too long is dead',
        timeoutMs: 60_000,
      });
      const letters = await deadLetters();
      for (const { n, triggerId } of late) {
        const { sessionId, listenerId } = fleet.targets(n);
        const own = letters.filter((letter) => letter.triggerId === triggerId);
        expect(own.map((letter) => letter.listenerId ?? letter.sessionId).sort()).toEqual(
          [sessionId, listenerId].filter((target) => target !== undefined).sort(),
        );
        for (const letter of own)
          expect(letter).toMatchObject({
            kind: 'trigger',
            payload: fleet.payload(n),
            summary: `Number ${n}`,
            reason: { code: letter.listenerId === null ? 'delivery_expired' : 'spawn_expired' },
          });
      }
      expect(new Set(await states(late))).toEqual(new Set(['dead']));
      expect(await (await fetch(`${api.baseUrl}/metrics`)).text()).toMatch(/^pizzapi_dead_letters\S* 6$/m);

      // What is replayed has time again, as much as a slow machine takes to start everything.
      await restartRelay();
      await fleet.runner.start();
      const ids = letters.map(({ deliveryId }) => deliveryId);
      expect(await api.post('/api/dead-letters/replay', { ids })).toMatchObject({
        status: 202,
        body: { replayed: 6, failed: [] },
      });
      await received();
      expect(await deadLetters()).toEqual([]);
    },
  );

  async function fire(count: number): Promise<void> {
    const from = fired.length + 1;
    fired.push(
      ...(await fireAll(fleet, { from, to: from + count - 1, callers: 2, maxPauseMs: 0, random: seededRandom })),
    );
  }

  async function restartRelay(settings: Record<string, string> = {}): Promise<void> {
    for (const relay of fleet.product.relays) {
      await relay.stop();
      await relay.start(settings);
    }
  }

  async function states(of: readonly FiredTrigger[] = fired): Promise<string[]> {
    const deliveries = await Promise.all(of.map(({ triggerId }) => fleet.deliveriesOf(triggerId)));
    return deliveries.flat().map(({ state }) => state);
  }

  async function pending(): Promise<SessionView[]> {
    const { body } = await fleet.api.get<{ sessions: SessionView[] }>('/api/sessions?limit=100');
    return body.sessions.filter(({ status }) => status === 'pending');
  }

  async function deadLetters(): Promise<DeadLetterView[]> {
    const { body } = await fleet.api.get<{ deadLetters: DeadLetterView[] }>('/api/dead-letters?limit=100');
    return body.deadLetters;
  }

  /** Everything that was ever fired is in the files of those it was for, once, and the relay says so. */
  async function received(): Promise<void> {
    await waitFor(() => judge(fleet, fired).lost.length === 0, {
      description: 'every file has what was for it',
      timeoutMs: 90_000,
    }).catch(async (cause: unknown) => {
      const { lost } = judge(fleet, fired);
      throw new Error(`missing: ${lost.join(', ')}; states ${(await states()).join(' ')}`, { cause });
    });
    await waitFor(async () => (await states()).every((state) => state === 'received'), {
      description: 'the relay knows that all is received',
    });
    expect(judge(fleet, fired)).toMatchObject({
      doubled: [],
      foreign: [],
      sessionsStarted: expectedSessions(fleet, fired),
    });
  }
});
