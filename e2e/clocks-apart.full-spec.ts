import type { DeliveryView, SessionView } from '@pizzapi/protocol';
import { seededRandom, waitFor } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clockOffBy } from './scenarios/clock.js';
import { type FiredTrigger, fireAll } from './scenarios/triggers/firing.js';
import { Fleet } from './scenarios/triggers/fleet.js';
import { expectedSessions, judge } from './scenarios/triggers/verdict.js';
import { oneRelay, relays } from './topologies/topology.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;

describe('clocks that are an hour apart', () => {
  let fleet: Fleet;
  let fired: FiredTrigger[] = [];

  async function fire(count: number): Promise<FiredTrigger[]> {
    const from = fired.length + 1;
    const news = await fireAll(fleet, { from, to: from + count - 1, callers: 2, maxPauseMs: 0, random: seededRandom });
    fired.push(...news);
    return news;
  }

  async function deliveries(): Promise<DeliveryView[]> {
    return (await Promise.all(fired.map(({ triggerId }) => fleet.deliveriesOf(triggerId)))).flat();
  }

  /** Everything is where it was for, once, and the relay says so. */
  async function received(): Promise<void> {
    await waitFor(() => judge(fleet, fired).lost.length === 0, {
      description: 'every file has what was for it',
      timeoutMs: 240_000,
    }).catch(async (cause: unknown) => {
      const states = (await deliveries()).map(({ state }) => state);
      throw new Error(`missing: ${judge(fleet, fired).lost.join(', ')}; states ${states.join(' ')}`, { cause });
    });
    await expect
      .poll(async () => new Set((await deliveries()).map(({ state }) => state)), { timeout: 60_000 })
      .toEqual(new Set(['received']));
    expect(judge(fleet, fired)).toMatchObject({
      doubled: [],
      foreign: [],
      sessionsStarted: expectedSessions(fleet, fired),
    });
  }

  describe("a runner's and the relay's", () => {
    beforeAll(async () => {
      fired = [];
      fleet = await Fleet.start(await oneRelay(), {
        sessions: 2,
        listeners: 2,
        oneInPerSession: 4,
        oneInPerListener: 8,
      });
      for (const listenerId of fleet.listenerIds) await fleet.changeListener(listenerId, { maxWaitMs: 5 * MINUTE });
    }, 400_000);
    afterAll(async () => {
      await fleet.stop();
    });

    it.each([
      ['ahead', HOUR],
      ['behind', -HOUR],
      ['level again', 0],
    ])('%s: what waited and what comes arrives once', { timeout: 500_000 }, async (_name, ms) => {
      await fleet.runner.stop();
      await fleet.untilAway();
      await fire(8);
      await fleet.runner.start(await clockOffBy(fleet.home, ms));
      await fire(8);
      await received();
    });
  });

  describe('those of two relays', () => {
    beforeAll(async () => {
      fired = [];
      fleet = await Fleet.start(await relays(2), {
        sessions: 1,
        listeners: 3,
        oneInPerSession: 8,
        oneInPerListener: 8,
      });
    }, 400_000);
    afterAll(async () => {
      await fleet.stop();
    });

    it('nothing expires early, and all arrives once', { timeout: 500_000 }, async () => {
      const [patient = '', , impatient = ''] = fleet.listenerIds;
      for (const listenerId of fleet.listenerIds) await fleet.changeListener(listenerId, { maxWaitMs: 10 * MINUTE });
      await fleet.changeListener(impatient, { maxWaitMs: 1_000 });
      const [fast] = fleet.product.relays;
      await fast?.stop();
      await fast?.start(await clockOffBy(fleet.home, HOUR));
      await fleet.runner.stop();
      await fleet.untilAway();
      await fire(8);
      const sessions = async (): Promise<SessionView[]> =>
        (await fleet.api.get<{ sessions: SessionView[] }>('/api/sessions?limit=100')).body.sessions;
      const of = async (listenerId: string): Promise<string[]> =>
        (await sessions()).filter((session) => session.listenerId === listenerId).map(({ status }) => status);
      // By then both have looked.
      await expect.poll(() => of(impatient), { timeout: 90_000 }).toEqual(['failed']);
      await fire(8);
      await expect.poll(() => of(impatient), { timeout: 90_000 }).toEqual(['failed', 'failed']);
      expect(await of(patient)).toEqual(['pending', 'pending']);

      await fleet.runner.start();
      const { body } = await fleet.api.get<{ deadLetters: { deliveryId: string }[] }>('/api/dead-letters?limit=100');
      expect(body.deadLetters).toHaveLength(2);
      const ids = body.deadLetters.map(({ deliveryId }) => deliveryId);
      expect(await fleet.api.post('/api/dead-letters/replay', { ids })).toMatchObject({ status: 202 });
      await received();
    });
  });
});
