import { Injectable } from '@nestjs/common';
import { IsoTime, MAX_SPAWN_WAIT_MS, Trigger } from '@pizzapi/protocol';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { runnerKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { BusIndex } from '../bus/bus-index.js';
import { isLeaseState, type LeaseState } from '../bus/bus-lease.js';
import { decodeMatches, encodeMatches, type Matches } from './matches.js';
import { acceptTrigger, reopenDeliveries, replaceDead, settleDeliveries } from './trigger-record.scripts.js';

const DAY_MS = 24 * 3_600_000;
/** Longer than anything waits for somebody who is away: a listener's session may for so long. */
const KEEP_OPEN_MS = MAX_SPAWN_WAIT_MS + DAY_MS;
const KEEP_SETTLED_MS = DAY_MS;

const Settled = Type.Object({
  state: Type.Union([Type.Literal('received'), Type.Literal('dead'), Type.Literal('discarded')]),
  ts: IsoTime,
  attempts: Type.Optional(Type.Integer({ minimum: 0 })),
  reason: Type.Optional(Type.String()),
});
/** How a delivery ended. */
export type Settled = Static<typeof Settled>;
export interface Settlement extends Omit<Settled, 'ts'> {
  deliveryId: string;
}

const checkTrigger = Compile(Trigger);
const checkSettled = Compile(Settled);

/** What may come with an acceptance. */
export interface AcceptOptions {
  /** The wanted version that the matches are of: when it has changed, nothing is accepted. Default: they count as they are. */
  wantedVersion?: string;
  /** Who would read the bus right away. Default: whoever is woken. */
  reader?: { token: string; leaseMs: number };
}

/** Where it is on the bus. */
export interface BusPlace {
  id: string;
  /** The last entry before it; `0-0`: none. */
  previous: string;
  lease: LeaseState;
}

/** What became of it. */
export type Acceptance =
  /** It is on the bus (null: nobody is matched). */
  | { kind: 'accepted'; place: BusPlace | null }
  /** It was accepted before, with these matches. */
  | { kind: 'known'; matches: Matches }
  /** Nothing was done: there is another wanted version now. */
  | { kind: 'outdated' };

export interface TriggerRecord {
  trigger: Trigger;
  matches: Matches;
  /** On the bus. Null: nobody was matched, or an older replica accepted it. */
  place: string | null;
  /** By delivery id. What is not here is on its way. */
  settled: Map<string, Settled>;
}

/** What was fired, whom it reaches, and how each delivery ended: kept in the slot of the runner's bus. */
@Injectable()
export class TriggerRecords {
  constructor(
    private readonly redis: Redis,
    private readonly index: BusIndex,
  ) {}

  /**
   * Writes the record and the bus in one step.
   * @throws Error for a trigger that could not be read again: it is not accepted in the first place.
   */
  async accept(
    runnerId: string,
    trigger: Trigger,
    matches: Matches,
    { wantedVersion = '', reader = { token: '', leaseMs: 0 } }: AcceptOptions = {},
  ): Promise<Acceptance> {
    if (!checkTrigger.Check(trigger)) throw new Error('A trigger does not fit its schema.');
    const { triggerId } = trigger;
    const count = matches.sessions.length + matches.listeners.length;
    const keepMs = count > 0 ? KEEP_OPEN_MS : KEEP_SETTLED_MS;
    const keys = [
      runnerKeys.trigger(runnerId, triggerId),
      runnerKeys.bus(runnerId),
      runnerKeys.busLease(runnerId),
      runnerKeys.wantedVersion(runnerId),
    ];
    const record = [triggerId, JSON.stringify(trigger), encodeMatches(matches), count, keepMs];
    // In another slot, so not in the same step, but answered for before the call is.
    const noted = this.index.note(runnerId);
    const reply = acceptTrigger.run(this.redis.commands, keys, [
      ...record,
      wantedVersion,
      reader.token,
      reader.leaseMs,
    ]);
    return parseAcceptance((await Promise.all([reply, noted]))[0]);
  }

  /** The one of these runners on whose bus the trigger was accepted. There is no index: a person has few runners, and triggers are many. */
  async runnerOf(triggerId: string, runnerIds: readonly string[]): Promise<string | null> {
    const found = await Promise.all(
      runnerIds.map((runnerId) => this.redis.commands.exists(runnerKeys.trigger(runnerId, triggerId))),
    );
    return runnerIds[found.indexOf(1)] ?? null;
  }

  /** Whom a trigger reaches that was accepted. Null: unknown, or forgotten a day after its last delivery was settled. */
  async matchesOf(runnerId: string, triggerId: string): Promise<Matches | null> {
    const matches = await this.redis.commands.hget(runnerKeys.trigger(runnerId, triggerId), 'matches');
    return matches === null ? null : decodeMatches(matches);
  }

  /** Null: unknown, or forgotten a day after its last delivery was settled. @throws Error when the record was damaged */
  async read(runnerId: string, triggerId: string): Promise<TriggerRecord | null> {
    const fields = await this.redis.commands.hgetall(runnerKeys.trigger(runnerId, triggerId));
    const { trigger, matches, place = null } = fields;
    if (trigger === undefined || matches === undefined) return null;
    const value: unknown = JSON.parse(trigger);
    if (!checkTrigger.Check(value)) throw new Error(`The record of ${triggerId} does not fit its schema.`);
    const settled = new Map<string, Settled>();
    for (const [field, json] of Object.entries(fields)) {
      if (!field.startsWith('s:')) continue;
      const state: unknown = JSON.parse(json);
      if (checkSettled.Check(state)) settled.set(field.slice(2), state);
    }
    return { trigger: value, matches: decodeMatches(matches), place, settled };
  }

  /** The ids of those deliveries that have ended, as far as their triggers are not forgotten. */
  async settledAmong(
    deliveries: readonly { runnerId: string; triggerId: string; deliveryId: string }[],
  ): Promise<Set<string>> {
    const found = await Promise.all(
      deliveries.map(({ runnerId, triggerId, deliveryId }) =>
        this.redis.commands.hexists(runnerKeys.trigger(runnerId, triggerId), `s:${deliveryId}`),
      ),
    );
    return new Set(deliveries.filter((_, at) => found[at] === 1).map(({ deliveryId }) => deliveryId));
  }

  /**
   * Notes how deliveries ended; the first word counts.
   * @returns how many were open until now
   */
  async settle(runnerId: string, triggerId: string, settlements: readonly Settlement[]): Promise<number> {
    const ts = new Date().toISOString();
    const args = settlements.flatMap(({ deliveryId, ...settled }) => [deliveryId, JSON.stringify({ ...settled, ts })]);
    const key = runnerKeys.trigger(runnerId, triggerId);
    return asCount(await settleDeliveries.run(this.redis.commands, [key], [KEEP_SETTLED_MS, ...args]));
  }

  /** A person gives up dead deliveries. @returns how many were dead */
  async discard(runnerId: string, triggerId: string, deliveryIds: readonly string[]): Promise<number> {
    const settled: Settled = { state: 'discarded', ts: new Date().toISOString() };
    const key = runnerKeys.trigger(runnerId, triggerId);
    return asCount(await replaceDead.run(this.redis.commands, [key], [JSON.stringify(settled), ...deliveryIds]));
  }

  /** Dead deliveries are on their way again. @returns how many were settled, and not by being received */
  async reopen(runnerId: string, triggerId: string, deliveryIds: readonly string[]): Promise<number> {
    const key = runnerKeys.trigger(runnerId, triggerId);
    return asCount(await reopenDeliveries.run(this.redis.commands, [key], [KEEP_OPEN_MS, ...deliveryIds]));
  }
}

function parseAcceptance(reply: unknown): Acceptance {
  const [kind, value, previous, lease] = Array.isArray(reply) ? (reply as unknown[]) : [];
  if (kind === 'known' && typeof value === 'string') return { kind, matches: decodeMatches(value) };
  if (kind === 'outdated') return { kind };
  if (kind !== 'accepted' || typeof value !== 'string' || typeof previous !== 'string' || !isLeaseState(lease))
    throw new Error('Redis accepted a trigger in unknown words.');
  return { kind, place: value === '' ? null : { id: value, previous, lease } };
}

function asCount(reply: unknown): number {
  return typeof reply === 'number' ? reply : 0;
}
