import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { DeadLetterView } from '@pizzapi/protocol';
import { seededRandom, waitFor } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FiredTrigger, fireAll } from './scenarios/triggers/firing.js';
import { Fleet } from './scenarios/triggers/fleet.js';
import { ListenerSessions } from './scenarios/triggers/listener-sessions.js';
import { expectedSessions, judge } from './scenarios/triggers/verdict.js';
import { oneRelay, twoRelays } from './topologies/topology.js';

const seed = Number(process.env['PIZZAPI_CHAOS_SEED'] ?? randomInt(1, 2 ** 31));
const FIRED = 1_000;
/** Each of them goes to one of four sessions, and one in a hundred also to a listener. */
const LETTERS = FIRED + FIRED / 100;
const AT_A_TIME = 40;
const REPLAYERS = 3;

describe.each([
  ['one relay', oneRelay],
  ['two relays', twoRelays],
])(`with %s, a replay of ${LETTERS} dead letters, seed ${seed}`, (_name, start) => {
  let fleet: Fleet;
  let fired: FiredTrigger[] = [];

  beforeAll(async () => {
    fleet = await Fleet.start(await start(), { sessions: 4, listeners: 1, oneInPerSession: 4, oneInPerListener: 100 });
    for (const listenerId of fleet.listenerIds) await fleet.changeListener(listenerId, { maxWaitMs: 1_000 });
    await fleet.runner.stop();
    await fleet.untilAway();
    await restartRelays({ PIZZAPI_INBOX_KEEP: '1s' });
    fired = await fireAll(fleet, { from: 1, to: FIRED, callers: 8, maxPauseMs: 0, random: seededRandom });
    await waitFor(async () => (await count()) === LETTERS, { description: 'all are dead', timeoutMs: 120_000 });
    await restartRelays();
  }, 600_000);
  afterAll(async () => {
    await fleet.stop();
  });

  it('brings each of them, once, though Redis is killed in its midst', { timeout: 600_000 }, async () => {
    const random = seededRandom(seed);
    const ended = new ListenerSessions(fleet);
    let crashes = 0;
    let refusals = 0;
    let isOver = false;
    const crash = async (): Promise<void> => {
      while (!isOver) {
        await pause(random() * 3_000);
        await fleet.product.crashRedis();
        crashes++;
      }
    };
    const replay = async (): Promise<void> => {
      for (let ids = await page(); ids.length > 0; ids = await page()) {
        const chosen = ids.filter(() => random() < 0.7).slice(0, AT_A_TIME);
        const { status } = await fleet.api
          .post('/api/dead-letters/replay', { ids: chosen.length > 0 ? chosen : ids })
          .catch(() => ({ status: 0 }));
        if (status !== 202) refusals++;
      }
    };
    const crashing = crash();
    try {
      const back = fleet.runner.start();
      await Promise.all(Array.from({ length: REPLAYERS }, replay));
      isOver = true;
      await Promise.all([crashing, back]);
      // What died once more meanwhile: nothing has to, but then it may be replayed again.
      await waitFor(() => judge(fleet, fired).lost.length === 0, {
        description: 'every file has what was for it',
        timeoutMs: 180_000,
      }).catch(async (cause: unknown) => {
        const { lost } = judge(fleet, fired);
        throw new Error(`seed ${seed}: ${await count()} are dead, missing: ${lost.join(', ')}`, { cause });
      });
    } finally {
      isOver = true;
      await ended.end();
    }
    console.log(`seed ${seed}: ${LETTERS} replayed, Redis killed ${crashes} times, ${refusals} calls failed`);
    expect(crashes, `seed ${seed}`).toBeGreaterThan(0);
    await expect.poll(states, { timeout: 60_000 }).toEqual(new Set(['received']));
    expect(await count()).toBe(0);
    // What nobody counts any more: were something still to come a second time, it would come with the next start.
    await fleet.runner.stop();
    await fleet.runner.start();
    await expect
      .poll(() => judge(fleet, fired), { timeout: 60_000 })
      .toMatchObject({ lost: [], doubled: [], foreign: [], sessionsStarted: expectedSessions(fleet, fired) });
  });

  async function restartRelays(settings: Record<string, string> = {}): Promise<void> {
    await Promise.all(fleet.product.relays.map((relay) => relay.stop()));
    await Promise.all(fleet.product.relays.map((relay) => relay.start(settings)));
  }

  async function count(): Promise<number> {
    return (await fleet.api.get<{ count: number }>('/api/dead-letters/count')).body.count;
  }

  /** While a relay cannot answer, it is asked again. */
  async function page(): Promise<string[]> {
    const ask = async (): Promise<DeadLetterView[] | null> => {
      const { status, body } = await fleet.api.get<{ deadLetters: DeadLetterView[] }>('/api/dead-letters?limit=100');
      return status === 200 ? body.deadLetters : null;
    };
    return (await waitFor(ask, { description: 'dead letters are listed' })).map(({ deliveryId }) => deliveryId);
  }

  async function states(): Promise<Set<string>> {
    const found = new Set<string>();
    for (const { triggerId } of fired) for (const { state } of await fleet.deliveriesOf(triggerId)) found.add(state);
    return found;
  }
});
