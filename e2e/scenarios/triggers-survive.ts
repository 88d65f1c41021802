import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { DeliveryView } from '@pizzapi/protocol';
import { seededRandom } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Topology } from '../topologies/topology.js';
import { Faults } from './triggers/faults.js';
import { type FiredTrigger, fireAll } from './triggers/firing.js';
import { Fleet, type FleetSize } from './triggers/fleet.js';
import { ListenerSessions } from './triggers/listener-sessions.js';
import { expectedSessions, judge, type Verdict } from './triggers/verdict.js';

export interface TriggerRun extends FleetSize {
  inQuiet: number;
  amongFaults: number;
  /** Caller's longest pause between two of the latter: how long there is something to break. */
  maxPauseMs: number;
  /** Whether things break as long as triggers are fired, or each kind once. */
  isLong: boolean;
  cutMs: number;
  timeoutMs: number;
}

/** `PIZZAPI_CHAOS_SEED` replays a run: the same faults in the same order, at the same moments as far as the machine allows. */
const seed = Number(process.env['PIZZAPI_CHAOS_SEED'] ?? randomInt(1, 2 ** 31));
const CALLERS = 4;
/** Without anything new in any file for so long, what is missing is lost. */
const PATIENCE_MS = 90_000;

/** Numbered triggers at real sessions and listeners, through everything that can break; at the end their own files are counted. */
export function triggersSurvive(start: () => Promise<Topology>, run: TriggerRun): void {
  describe(`triggers are never lost and never doubled, seed ${seed}`, () => {
    let product: Topology;
    let fleet: Fleet;
    const fired: FiredTrigger[] = [];

    beforeAll(async () => {
      product = await start();
      fleet = await Fleet.start(product, run);
    }, run.timeoutMs);
    afterAll(async () => {
      await fleet.stop();
    });

    it('in quiet, and come in the order of their acceptance', { timeout: run.timeoutMs }, async () => {
      await fire(run.inQuiet, 0);
      const verdict = await settled();
      say(`${fired.length} triggers in quiet: ${summary(verdict)}`);
      expectNothingWrong(verdict);
      expect(verdict.outOfOrder, `seed ${seed}`).toEqual([]);
    });

    it('while processes are killed and the network is cut', { timeout: run.timeoutMs }, async () => {
      const startedAt = performance.now();
      const random = seededRandom(seed);
      const faults = new Faults(fleet, { random, cutMs: run.cutMs });
      const firing = fire(run.amongFaults, run.maxPauseMs);
      const isFired = firing.then(() => true);
      try {
        for (const fault of faults.everyKind()) {
          await pause(500 + random() * 2_500);
          await faults.cause(fault);
        }
        while (run.isLong && !(await Promise.race([isFired, pause(500 + random() * 5_000, false)])))
          await faults.cause(faults.anyKind());
      } catch (cause) {
        const logs = product.relays.map(({ log }) => log).join('\n');
        throw new Error(`seed ${seed}: it did not come back after ${faults.log.join(' ')}\n${logs}`, { cause });
      }
      await firing;
      const verdict = await settled();
      const seconds = Math.round((performance.now() - startedAt) / 1_000);
      const repeated = fired.filter(({ tries }) => tries > 1).length;
      say(
        `${fired.length} triggers (${repeated} repeated), ${faults.log.join(' ')}, ${seconds} s: ${summary(verdict)}`,
      );
      expectNothingWrong(verdict);
    });

    it('and the relay says so', { timeout: run.timeoutMs }, async () => {
      const open: string[] = [];
      for (const { n, triggerId } of fired) {
        const { body } = await fleet.api.get<{ deliveries: DeliveryView[] }>(`/api/triggers/${triggerId}`);
        const targets = Object.values(fleet.targets(n)).filter((target) => target !== undefined);
        expect(body.deliveries, `number ${n}, seed ${seed}`).toHaveLength(targets.length);
        for (const { state, sessionId } of body.deliveries)
          if (state !== 'received') open.push(`${n} for ${sessionId} is ${state}`);
      }
      expect(open, `seed ${seed}`).toEqual([]);
      // What nobody counts any more: were something still to come a second time, it would come with the next start.
      await fleet.runner.stop();
      expectNothingWrong(judge(fleet, fired));
    });

    async function fire(count: number, maxPauseMs: number): Promise<void> {
      const listenerSessions = new ListenerSessions(fleet);
      const from = fired.length + 1;
      const random = (caller: number) => seededRandom(seed + caller + 1);
      try {
        fired.push(...(await fireAll(fleet, { from, to: from + count - 1, callers: CALLERS, maxPauseMs, random })));
        for (const { n, subscriptions, listeners } of fired) {
          const { sessionId, listenerId } = fleet.targets(n);
          expect({ n, subscriptions, listeners }).toEqual({
            n,
            subscriptions: sessionId === undefined ? 0 : 1,
            listeners: listenerId === undefined ? 0 : 1,
          });
        }
      } finally {
        await listenerSessions.end();
      }
    }

    /** Once everything is there, or nothing came for a long time. */
    async function settled(): Promise<Verdict> {
      const listenerSessions = new ListenerSessions(fleet);
      try {
        let verdict = judge(fleet, fired);
        for (let newsAt = performance.now(); verdict.lost.length > 0;) {
          if (performance.now() - newsAt > PATIENCE_MS) break;
          await pause(500);
          const next = judge(fleet, fired);
          if (next.lost.length !== verdict.lost.length) newsAt = performance.now();
          verdict = next;
        }
        return verdict;
      } finally {
        await listenerSessions.end();
      }
    }

    function expectNothingWrong({ lost, doubled, foreign, sessionsStarted }: Verdict): void {
      expect({ lost, doubled, foreign }, `seed ${seed}`).toEqual({ lost: [], doubled: [], foreign: [] });
      expect(sessionsStarted, `seed ${seed}`).toBe(expectedSessions(fleet, fired));
    }

    function summary({ lost, doubled, outOfOrder, sessionsStarted }: Verdict): string {
      return `lost ${lost.length}, doubled ${doubled.length}, out of order ${outOfOrder.length}, sessions started ${sessionsStarted}`;
    }
  });
}

function say(text: string): void {
  console.log(`seed ${seed}: ${text}`);
}
