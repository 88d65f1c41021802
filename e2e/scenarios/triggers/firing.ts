import { setTimeout as pause } from 'node:timers/promises';
import type { ApiAnswer } from '@pizzapi/testing';
import { type Fleet, TRIGGER_TYPE } from './fleet.js';

/** A trigger that was answered 2xx. */
export interface FiredTrigger {
  n: number;
  triggerId: string;
  subscriptions: number;
  listeners: number;
  /** Of the first try; monotonic. */
  sentAt: number;
  answeredAt: number;
  tries: number;
}

export interface Firing {
  from: number;
  to: number;
  callers: number;
  /** A caller's longest pause between two calls. */
  maxPauseMs: number;
  /** One for each caller: what they draw must not depend on who is faster. */
  random: (caller: number) => () => number;
}

/** Less than the network is away: what it swallowed is asked for again. */
const ANSWER_WITHIN_MS = 1_500;
const TRY_AGAIN_MS = 100;
const GIVE_UP_MS = 90_000;

interface FiredAnswer {
  triggerId: string;
  subscriptions: number;
  listeners: number;
}

/** Fires numbers by several callers at once, as a service does that is told to repeat what was not answered. */
export async function fireAll(fleet: Fleet, firing: Firing): Promise<FiredTrigger[]> {
  const fired: FiredTrigger[] = [];
  let next = firing.from;
  const call = async (caller: number): Promise<void> => {
    const random = firing.random(caller);
    while (next <= firing.to) {
      fired.push(await fire(fleet, next++));
      await pause(random() * firing.maxPauseMs);
    }
  };
  await Promise.all(Array.from({ length: firing.callers }, (_, caller) => call(caller)));
  return fired;
}

async function fire(fleet: Fleet, n: number): Promise<FiredTrigger> {
  const sentAt = performance.now();
  let last = 'nothing';
  for (let tries = 1; performance.now() - sentAt < GIVE_UP_MS; tries++) {
    const answer = await once(fleet, n);
    if (!(answer instanceof Error) && answer.status < 300)
      return { n, ...answer.body, sentAt, answeredAt: performance.now(), tries };
    last = answer instanceof Error ? String(answer) : `${answer.status} ${JSON.stringify(answer.body)}`;
    // A refusal is an answer: nothing that happens here makes a good call a bad one.
    if (!(answer instanceof Error) && answer.status < 500) break;
    await pause(TRY_AGAIN_MS);
  }
  throw new Error(`Number ${n} was not accepted; the last answer: ${last}`);
}

/** Without an answer, an error says why. */
async function once(fleet: Fleet, n: number): Promise<ApiAnswer<FiredAnswer> | Error> {
  const { api, runner } = fleet;
  try {
    return await api.send<FiredAnswer>('POST', `/api/runners/${runner.runnerId}/trigger-broadcast`, {
      body: {
        type: TRIGGER_TYPE,
        payload: fleet.payload(n),
        summary: `Number ${n}`,
        deliverAs: fleet.deliverAs(n),
      },
      headers: { 'idempotency-key': `number-${n}` },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
