import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Type } from 'typebox';
import { atLeast, atMost, type Bar, type Figure, under } from '../../measure/figure.js';
import { quantile, spreadOf } from '../../measure/statistics.js';
import type { Suite } from '../../measure/suite.js';
import { openTriggerBed, type Subscribers, type TriggerBed } from './trigger-bed.js';

interface Case {
  sessions: number;
  /** What an implementation reached that only emits to whoever is connected. */
  p50Ms: number;
  p99Ms: number;
  perSecond: number;
  calls: number;
}

const CASES: Case[] = [
  { sessions: 1, p50Ms: 4, p99Ms: 10, perSecond: 907, calls: 150 },
  { sessions: 10, p50Ms: 4, p99Ms: 10, perSecond: 546, calls: 150 },
  { sessions: 100, p50Ms: 9, p99Ms: 15, perSecond: 107, calls: 60 },
  { sessions: 1_000, p50Ms: 65, p99Ms: 104, perSecond: 11.5, calls: 15 },
];
const ROUNDS = 5;
const REST_MS = 20;
const CALLERS = 8;
const HELD_S = 30;
/** Before anything is measured, because a steady state is meant: V8 has not compiled yet what a relay did a hundred times. */
const WARM_UP_S = 5;
const WAITING_SESSIONS = 100;
const WAITING_EACH = 1_000;
const MB = 1024 * 1024;
const KB = 1024;

const Took = Type.Object({ tookMs: Type.Number() });
const Fired = Type.Object({ count: Type.Integer() });

/** From the call that fires a trigger until agents have it, and how many calls a second are held. */
export const triggers: Suite = {
  name: 'triggers',
  budgetS: 720,
  run: async ({ folder, say }) => {
    await using bed = await openTriggerBed(join(folder, 'home'));
    const figures: Figure[] = [];
    for (const one of CASES) {
      say(`${one.sessions} sessions`);
      await using subscribers = await bed.subscribe(one.sessions, `time:bench-${one.sessions}`);
      await fireFor(WARM_UP_S, bed, subscribers, one);
      figures.push(...(await measureLatency(bed, subscribers, one)), ...(await measureHeld(bed, subscribers, one)));
    }
    say(`${WAITING_SESSIONS * WAITING_EACH} waiting deliveries`);
    figures.push(...(await measureWaiting(bed)));
    return figures;
  },
};

interface Ages {
  p50Ms: number;
  p99Ms: number;
  answerP99Ms: number;
}

/** One call after the other, each when the one before has arrived everywhere. */
async function rounds(
  { callers }: Pick<TriggerBed, 'callers'>,
  subscribers: Subscribers,
  { calls, sessions }: Pick<Case, 'calls' | 'sessions'>,
): Promise<Ages> {
  const tookMs: number[] = [];
  for (let call = 1; call <= calls; call++) {
    tookMs.push((await callers.ask('fire', subscribers.call, Took)).tookMs);
    await subscribers.arrived(call * sessions);
    await pause(REST_MS);
  }
  const ages = await subscribers.count(calls * sessions);
  return {
    ...ages,
    answerP99Ms: quantile(
      tookMs.sort((a, b) => a - b),
      0.99,
    ),
  };
}

/** Callers that never rest. @returns how many calls it were, once everything has arrived everywhere */
async function fireFor(
  seconds: number,
  { callers }: Pick<TriggerBed, 'callers'>,
  subscribers: Subscribers,
  { sessions }: Case,
): Promise<number> {
  const { count } = await callers.ask('steadily', { ...subscribers.call, callers: CALLERS, seconds }, Fired);
  await subscribers.arrived(count * sessions);
  await subscribers.count(count * sessions);
  return count;
}

async function measureLatency(bed: TriggerBed, subscribers: Subscribers, one: Case): Promise<Figure[]> {
  const relay: Ages[] = [];
  const emitted: Ages[] = [];
  const raw: { p50Ms: number; p99Ms: number }[] = [];
  const stalls: number[] = [];
  await using connected = await bed.emitted(one.sessions);
  await fireFor(WARM_UP_S, bed, connected, one);
  for (let left = ROUNDS; left > 0; left--) {
    const ages = await rounds(bed, subscribers, one);
    relay.push(ages);
    emitted.push(await rounds(bed, connected, one));
    stalls.push(await bed.stalls(one.calls, ages.p50Ms, REST_MS));
    raw.push(await bed.raw(one.sessions, one.calls, REST_MS));
  }
  const name = `to ${one.sessions} session${one.sessions === 1 ? '' : 's'}`;
  const figure = (of: 'p50Ms' | 'p99Ms', bar: Bar): Figure => ({
    name: `${of === 'p50Ms' ? 'p50' : 'p99'} from the call until received, ${name}`,
    unit: 'ms',
    value: spreadOf(relay.map((ages) => ages[of])),
    baseline: { name: 'raw streams', value: spreadOf(raw.map((ages) => ages[of])) },
    bar,
  });
  const bare = (of: 'p50Ms' | 'p99Ms'): Figure => ({
    name: `${of === 'p50Ms' ? 'p50' : 'p99'} of a server that only emits, ${name}`,
    unit: 'ms',
    value: spreadOf(emitted.map((ages) => ages[of])),
    baseline: null,
    bar: null,
  });
  const figures = [
    figure('p50Ms', under(one.p50Ms)),
    bare('p50Ms'),
    figure('p99Ms', under(one.p99Ms)),
    bare('p99Ms'),
    {
      name: `p99 of computing for as long as that p50, ${name}: what the machine adds by itself`,
      unit: 'ms',
      value: spreadOf(stalls),
      baseline: null,
      bar: null,
    },
  ];
  if (one.sessions === 1)
    figures.push({
      name: 'p99 of the answer to a call, idle',
      unit: 'ms',
      value: spreadOf(relay.map(({ answerP99Ms }) => answerP99Ms)),
      baseline: { name: 'a server that only emits', value: spreadOf(emitted.map(({ answerP99Ms }) => answerP99Ms)) },
      bar: atMost(10),
    });
  return figures;
}

async function measureHeld(bed: TriggerBed, subscribers: Subscribers, one: Case): Promise<Figure[]> {
  const raw = await bed.raw(one.sessions, one.calls, 0);
  const cpuBefore = bed.relay.cpuSeconds;
  const memory = { at5: 0, at30: 0 };
  const startedAt = performance.now();
  const watch = (async () => {
    await pause(5_000);
    memory.at5 = bed.relay.residentBytes;
    await pause((HELD_S - 5.5) * 1_000);
    memory.at30 = bed.relay.residentBytes;
  })();
  const count = await fireFor(HELD_S, bed, subscribers, one);
  const perSecond = count / ((performance.now() - startedAt) / 1_000);
  await watch;
  const name = `to ${one.sessions} session${one.sessions === 1 ? '' : 's'}`;
  return [
    {
      name: `broadcasts/s for ${HELD_S} s, ${CALLERS} callers, ${name}`,
      unit: '/s',
      value: spreadOf([perSecond]),
      baseline: { name: 'raw streams, one after the other', value: spreadOf([raw.perSecond]) },
      bar: atLeast(one.perSecond),
    },
    {
      name: `the relay's processor time for each delivery, ${name}`,
      unit: 'µs',
      value: spreadOf([((bed.relay.cpuSeconds - cpuBefore) * 1e6) / (count * one.sessions)]),
      baseline: null,
      bar: null,
    },
    {
      name: `resident memory at ${HELD_S} s, ${name}`,
      unit: 'MB',
      value: spreadOf([memory.at30 / MB]),
      baseline: { name: 'at 5 s', value: spreadOf([memory.at5 / MB]) },
      bar: { of: 'ratio', is: 'at most', limit: 1.1 },
    },
  ];
}

/** With sessions that are away and many deliveries that wait for them. */
async function measureWaiting(bed: TriggerBed): Promise<Figure[]> {
  await using subscribers = await bed.subscribe(10, 'time:bench-beside');
  const p99s = async (): Promise<number[]> => {
    const ages: number[] = [];
    for (let left = ROUNDS; left > 0; left--)
      ages.push((await rounds(bed, subscribers, { calls: 100, sessions: 10 })).p99Ms);
    return ages;
  };
  await p99s();
  const without = await p99s();
  const before = bed.relay.residentBytes;
  const away = await bed.subscribeAway(WAITING_SESSIONS, 'time:bench-away');
  await bed.fill(away, WAITING_EACH);
  // Accepted is not yet waiting. A runner's triggers are fanned out in their order: once this one has arrived, all before it wait.
  await rounds(bed, subscribers, { calls: 1, sessions: 10 });
  const withWaiting = await p99s();
  const each = (bed.relay.residentBytes - before) / (WAITING_SESSIONS * WAITING_EACH);
  return [
    {
      name: `p99 until received, to 10 sessions, beside ${WAITING_SESSIONS * WAITING_EACH} waiting deliveries`,
      unit: 'ms',
      value: spreadOf(withWaiting),
      baseline: { name: 'without them', value: spreadOf(without) },
      bar: { of: 'ratio', is: 'at most', limit: 1.2 },
    },
    {
      name: "the relay's memory for each of them",
      unit: 'kB',
      value: spreadOf([Math.max(0, each) / KB]),
      baseline: null,
      bar: under(1),
    },
  ];
}
