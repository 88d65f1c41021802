import { randomInt } from 'node:crypto';
import { seededRandom, waitFor } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { daemonPid, workerPids } from './scenarios/runner-pids.js';
import { Desks } from './scenarios/triggers/desks.js';
import { type FiredTrigger, fireAll } from './scenarios/triggers/firing.js';
import { Fleet } from './scenarios/triggers/fleet.js';
import { ListenerSessions } from './scenarios/triggers/listener-sessions.js';
import { judge } from './scenarios/triggers/verdict.js';
import { oneRelay, twoRelays } from './topologies/topology.js';

const seed = Number(process.env['PIZZAPI_CHAOS_SEED'] ?? randomInt(1, 2 ** 31));
const PLACES = 3;
const FIRED = 36;

describe.each([
  ['one relay', oneRelay],
  ['two relays', twoRelays],
])(`with %s, a listener whose places are all taken, seed ${seed}`, (_name, start) => {
  let fleet: Fleet;
  let desks: Desks;
  let ended: ListenerSessions;
  let fired: FiredTrigger[] = [];
  const random = seededRandom(seed);

  beforeAll(async () => {
    fleet = await Fleet.start(await start(), {
      sessions: 0,
      listeners: 1,
      oneInPerSession: 1_000,
      oneInPerListener: 1,
    });
    for (const listenerId of fleet.listenerIds) await fleet.changeListener(listenerId, { maxConcurrent: PLACES });
    desks = new Desks(fleet.model);
    ended = new ListenerSessions(fleet);
    fired = await fireAll(fleet, {
      from: 1,
      to: FIRED,
      callers: 4,
      maxPauseMs: 0,
      random: () => seededRandom(seed),
    });
    await taken();
  }, 400_000);
  afterAll(async () => {
    await ended.end();
    await fleet.stop();
  });

  const faults: [string, () => Promise<void> | void][] = [
    ['a relay is killed', () => relay()],
    ['the daemon is killed', () => daemon()],
    ['both are killed', () => Promise.all([relay(), daemon()]).then(() => undefined)],
    ['a worker at work is killed', () => worker()],
    ['the daemon is killed while no relay is there', () => withoutRelays(daemon)],
    ['workers are killed while no relay is there', () => withoutRelays(worker)],
    ['Redis is killed', () => fleet.product.crashRedis()],
  ];

  it.each(faults)('keeps to them when %s', { timeout: 200_000 }, async (_fault, cause) => {
    await cause();
    await taken();
    // At the moment at which a place changes hands.
    desks.answer(1 + Math.floor(random() * PLACES));
    await cause();
    await taken();
    expect(desks.most, `seed ${seed}`).toBe(PLACES);
  });

  it('and in the end each of those who waited had its turn, once', { timeout: 300_000 }, async () => {
    desks.open();
    await waitFor(() => judge(fleet, fired).lost.length === 0, {
      description: 'every trigger has its session',
      timeoutMs: 200_000,
    }).catch((cause: unknown) => {
      throw new Error(`seed ${seed}: ${judge(fleet, fired).lost.join(', ')}`, { cause });
    });
    const states = async (): Promise<string[]> =>
      (await Promise.all(fired.map(({ triggerId }) => fleet.deliveriesOf(triggerId)))).flat().map(({ state }) => state);
    await expect.poll(async () => new Set(await states())).toEqual(new Set(['received']));
    const { doubled, foreign, sessionsStarted } = judge(fleet, fired);
    expect({ doubled, foreign, sessionsStarted, most: desks.most }, `seed ${seed}`).toEqual({
      doubled: [],
      foreign: [],
      sessionsStarted: FIRED,
      most: PLACES,
    });
    console.log(`seed ${seed}: ${FIRED} sessions, at most ${desks.most} at once, ${desks.asked} requests`);
  });

  async function taken(): Promise<void> {
    await waitFor(() => desks.taken === PLACES, { description: 'all places are taken', timeoutMs: 120_000 }).catch(
      (cause: unknown) => {
        throw new Error(`seed ${seed}: ${desks.taken} of ${PLACES} are at work`, { cause });
      },
    );
  }

  async function relay(): Promise<void> {
    const { relays } = fleet.product;
    const victims = random() < 0.3 ? relays : relays.slice(Math.floor(random() * relays.length)).slice(0, 1);
    await Promise.all(victims.map((each) => each.kill('SIGKILL')));
    await Promise.all(victims.map((each) => each.start()));
  }

  async function daemon(): Promise<void> {
    process.kill(await waitFor(() => daemonPid(fleet.runner), { description: 'there is a daemon' }), 'SIGKILL');
  }

  function worker(): void {
    const pids = [...workerPids(fleet.home).values()];
    const pid = pids[Math.floor(random() * pids.length)];
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  }

  async function withoutRelays(cause: () => Promise<void> | void): Promise<void> {
    const { relays } = fleet.product;
    await Promise.all(relays.map((each) => each.kill('SIGKILL')));
    await cause();
    await Promise.all(relays.map((each) => each.start()));
  }
});
