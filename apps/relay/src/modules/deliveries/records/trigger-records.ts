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
/** Longer than any delivery may wait: the longest is a listener's session that waits for its runner. */
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

export interface AcceptOptions {
  /** The version as of which the trigger was matched: if that is outdated, nothing is accepted. Default: the matches count in any case. */
  wantedVersion?: string;
  /** The replica that would read the bus right away, and takes its lease if it is free. Default: none. */
  reader?: { token: string; leaseMs: number };
}

/** A trigger's place on the bus. */
export interface BusPlace {
  /** Its stream id. */
  id: string;
  /** The stream id before it; `0-0`: none. */
  previous: string;
  /** How the would-be reader found the lease when the trigger was accepted. */
  lease: LeaseState;
}

/** What became of an attempt to accept a trigger. */
export type Acceptance =
  /** It is on the bus; place null: it matched nobody, so there is nothing to deliver. */
  | { kind: 'accepted'; place: BusPlace | null }
  /** It had been accepted before, with these matches. */
  | { kind: 'known'; matches: Matches }
  /** Nothing was done: the wanted version has changed. */
  | { kind: 'outdated' };

export interface TriggerRecord {
  trigger: Trigger;
  matches: Matches;
  /** Its stream id on the bus. Null: it matched nobody, or an older version accepted it. */
  place: string | null;
  /** How deliveries ended, by delivery id. Those that are missing are on their way. */
  settled: Map<string, Settled>;
}

/** For each trigger its content, whom it reaches, and how each delivery ended. Kept in the same Redis slot as the runner's bus. */
@Injectable()
export class TriggerRecords {
  constructor(
    private readonly redis: Redis,
    private readonly index: BusIndex,
  ) {}

  /**
   * Writes the record and puts the trigger on the bus, in one step.
   * @throws Error when the trigger does not fit its schema, so that nobody could read it back
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
    // In another slot, so it cannot be part of that step; but it is awaited before the caller hears that the trigger is accepted.
    const noted = this.index.note(runnerId);
    const reply = acceptTrigger.run(this.redis.commands, keys, [
      ...record,
      wantedVersion,
      reader.token,
      reader.leaseMs,
    ]);
    return parseAcceptance((await Promise.all([reply, noted]))[0]);
  }

  /** On which of these runners' buses a trigger was accepted. There is no index: a person has few runners, but triggers are many. */
  async runnerOf(triggerId: string, runnerIds: readonly string[]): Promise<string | null> {
    const found = await Promise.all(
      runnerIds.map((runnerId) => this.redis.commands.exists(runnerKeys.trigger(runnerId, triggerId))),
    );
    return runnerIds[found.indexOf(1)] ?? null;
  }

  /** The matches of an accepted trigger. Null: it is unknown, or was forgotten a day after its last delivery was settled. */
  async matchesOf(runnerId: string, triggerId: string): Promise<Matches | null> {
    const matches = await this.redis.commands.hget(runnerKeys.trigger(runnerId, triggerId), 'matches');
    return matches === null ? null : decodeMatches(matches);
  }

  /** Null: it is unknown, or was forgotten a day after its last delivery was settled. @throws Error when the record is damaged */
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

  /** The ids of the deliveries that are settled, as far as their triggers are not forgotten. */
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
   * Records how deliveries ended. One that is settled already keeps its state, unless it was dead and has been received after all.
   * @returns how many were open until now
   */
  async settle(runnerId: string, triggerId: string, settlements: readonly Settlement[]): Promise<number> {
    const ts = new Date().toISOString();
    const args = settlements.flatMap(({ deliveryId, ...settled }) => [deliveryId, JSON.stringify({ ...settled, ts })]);
    const key = runnerKeys.trigger(runnerId, triggerId);
    return asCount(await settleDeliveries.run(this.redis.commands, [key], [KEEP_SETTLED_MS, ...args]));
  }

  /** Marks dead deliveries as discarded by a person. @returns how many were dead */
  async discard(runnerId: string, triggerId: string, deliveryIds: readonly string[]): Promise<number> {
    const settled: Settled = { state: 'discarded', ts: new Date().toISOString() };
    const key = runnerKeys.trigger(runnerId, triggerId);
    return asCount(await replaceDead.run(this.redis.commands, [key], [JSON.stringify(settled), ...deliveryIds]));
  }

  /** Marks settled deliveries as on their way again, except those that were received. @returns how many it reopened */
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
    throw new Error('Redis answered the acceptance of a trigger in an unknown form.');
  return { kind, place: value === '' ? null : { id: value, previous, lease } };
}

function asCount(reply: unknown): number {
  return typeof reply === 'number' ? reply : 0;
}
