import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, askRelay, type FiredTrigger } from './ask-relay.js';
import { readRelayAddress } from './relay-address.js';
import { TriggerNotFiredError } from './trigger-error.js';

/** Pauses between attempts double up to this, each shortened by up to half so that many services don't return at once. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** A fact that happened. */
export interface TriggerToFire {
  /** As the manifest declares it: `my-service:something_happened`. */
  type: string;
  /** Fits the declared schema; at most 256 KiB as JSON. */
  payload: Record<string, unknown>;
  /** `steer`: before the agent's next model call. `followUp` (default): after its turn. An idle agent wakes either way. */
  deliverAs?: 'steer' | 'followUp';
  /** One line for people. */
  summary?: string;
  /**
   * Names the fact, so that one that is fired twice, also by two runs of the service, arrives once. Default: a new one for each call, which
   * is enough for this call's own repetitions.
   */
  idempotencyKey?: string;
  /** How long to go on trying while the relay is away or busy, in ms. Default: 60,000. */
  giveUpAfterMs?: number;
}

/**
 * Fires a trigger of this service: every session that subscribed to it gets it, every listener for it starts a session. Once this
 * resolves, the relay keeps it safe.
 *
 * While the relay is away, busy, or renews the service's key, it is tried again with the same Idempotency-Key, so a trigger that
 * arrived although its answer was lost is not doubled.
 *
 * @throws TriggerNotFiredError when the relay refuses it, or the time is over
 */
export async function fireTrigger(trigger: TriggerToFire): Promise<FiredTrigger> {
  const { idempotencyKey = randomUUID(), giveUpAfterMs = 60_000, ...fact } = trigger;
  const body = asJson(fact);
  const deadline = Date.now() + giveUpAfterMs;
  for (let attempt = 0; ; attempt += 1) {
    const answer = await tryOnce(body, idempotencyKey);
    if ('fired' in answer) return answer.fired;
    const pauseMs = answer.retryAfterMs ?? pauseBefore(attempt);
    if (!answer.isWorthRepeating || Date.now() + pauseMs > deadline) throw answer.error;
    await wait(pauseMs);
  }
}

async function tryOnce(body: string, idempotencyKey: string): Promise<Answer> {
  try {
    return await askRelay(readRelayAddress(), body, idempotencyKey);
  } catch (error) {
    if (!(error instanceof TriggerNotFiredError)) throw error;
    // A key may be on its way; what else is missing is for a person to set up.
    return { error, isWorthRepeating: error.code === 'no_api_key' };
  }
}

function pauseBefore(attempt: number): number {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
  return longest * (0.5 + Math.random() / 2);
}

function asJson(fact: object): string {
  try {
    return JSON.stringify(fact);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TriggerNotFiredError('payload_not_json', `The payload is no JSON: ${reason}`, null, [], { cause });
  }
}
