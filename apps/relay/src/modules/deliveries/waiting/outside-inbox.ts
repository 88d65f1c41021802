import { Injectable } from '@nestjs/common';
import { Trigger } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { Compile } from 'typebox/compile';
import { parseJson } from '../../../platform/redis/parse-json.js';
import { runnerKeys } from '../../../platform/redis/keys.js';
import { Queues } from '../../../platform/queues/queues.js';
import { Redis } from '../../../platform/redis/redis.js';
import type { StreamEntry } from '../../../platform/streams/stream-replies.js';
import { deliverableOf } from '../bus/bus-entry.js';
import { deliveryIdOf } from '../delivery-id.js';
import { type FoundTrigger, foundIn, type OfRunner } from './found-trigger.js';
import type { WaitingCursor } from './waiting-cursor.js';
import { openTriggers, scanBus } from './waiting-triggers.scripts.js';

/** How much of a bus is looked at in one go: Redis serves nobody else in the meantime. */
const ENTRIES_AT_A_TIME = 64;

const checkTrigger = Compile(Trigger);

/** Triggers that wait outside of the inbox, and whether there are more than were read. */
export interface Outside {
  found: FoundTrigger[];
  hasMore: boolean;
}

/** Finds triggers that wait for a session but are not in its inbox: they are on its runner's bus, or in a job of their own after a failed fan-out. */
@Injectable()
export class OutsideInbox {
  constructor(
    private readonly redis: Redis,
    private readonly queues: Queues,
    private readonly logger: PinoLogger,
  ) {}

  /** At least `count` triggers, unless there are fewer: those on the bus in order, then those in jobs. */
  async after(session: OfRunner, count: number, { place, after }: WaitingCursor): Promise<Outside> {
    const onBus =
      place === 'apart'
        ? { found: [], hasMore: false }
        : await this.onBus(session, count, place === 'bus' ? after : '0-0');
    if (onBus.hasMore) return onBus;
    // A trigger that is being moved from the bus into a job is in both.
    const known = new Set(onBus.found.map(({ deliveryId }) => deliveryId));
    const apart = await this.apart(session, place === 'apart' ? after : '');
    return { found: [...onBus.found, ...apart.filter(({ deliveryId }) => !known.has(deliveryId))], hasMore: false };
  }

  /** For each stream id, whether it is still on the bus. */
  async areOnBus({ runnerId }: OfRunner, ids: readonly string[]): Promise<boolean[]> {
    const entries = await Promise.all(ids.map((id) => this.redis.commands.xrange(runnerKeys.bus(runnerId), id, id)));
    return entries.map(({ length }) => length > 0);
  }

  private async onBus(session: OfRunner, count: number, after: string): Promise<Outside> {
    const found: FoundTrigger[] = [];
    for (let from = after; ;) {
      const args = [session.sessionId, `(${from}`, ENTRIES_AT_A_TIME];
      const reply = await scanBus.run(this.redis.commands, [runnerKeys.bus(session.runnerId)], args);
      const [last = '', ...texts] = Array.isArray(reply) ? reply.map(String) : [];
      const entries: StreamEntry[] = [];
      for (let at = 0; at + 2 < texts.length; at += 3)
        entries.push({ id: texts[at] ?? '', fields: texts.slice(at + 1, at + 3) });
      found.push(...(await this.inEntries(session, entries)));
      if (last === '') return { found, hasMore: false };
      if (found.length >= count) return { found, hasMore: true };
      from = last;
    }
  }

  private async inEntries(session: OfRunner, entries: readonly StreamEntry[]): Promise<FoundTrigger[]> {
    const read = entries.map(({ id, fields }) => ({
      cursor: { place: 'bus' as const, after: id },
      what: deliverableOf(fields),
    }));
    const triggerIds = read.flatMap(({ what }) => (what?.kind === 'trigger' ? [what.triggerId] : []));
    const open = await this.openAmong(session, triggerIds);
    return read.flatMap(({ cursor, what }) => {
      if (what?.kind === 'item') return foundIn(session, what, cursor) ?? [];
      const each = open.get(what?.triggerId ?? '');
      return each ? [{ ...each, cursor }] : [];
    });
  }

  /** From the jobs, of which there are few unless something is badly wrong. */
  private async apart(session: OfRunner, after: string): Promise<FoundTrigger[]> {
    const [triggers, items] = await Promise.all([
      this.queues.unfinished('fan-out-trigger'),
      this.queues.unfinished('deliver-item'),
    ]);
    const own = triggers.filter(({ runnerId }) => runnerId === session.runnerId).map(({ triggerId }) => triggerId);
    const found = [
      ...(await this.openAmong(session, [...new Set(own)])).values(),
      ...items.flatMap((job) => foundIn(session, job, placeOf(job.item.deliveryId)) ?? []),
    ];
    return found.filter(({ deliveryId }) => deliveryId > after).sort((a, b) => (a.deliveryId < b.deliveryId ? -1 : 1));
  }

  /** Which of the runner's triggers are for the session and not settled, by trigger id. */
  private async openAmong(
    { sessionId, runnerId }: OfRunner,
    triggerIds: readonly string[],
  ): Promise<Map<string, FoundTrigger>> {
    const found = new Map<string, FoundTrigger>();
    for (let at = 0; at < triggerIds.length; at += ENTRIES_AT_A_TIME) {
      const some = triggerIds.slice(at, at + ENTRIES_AT_A_TIME);
      const deliveryIds = some.map((triggerId) => deliveryIdOf(triggerId, sessionId));
      const keys = some.map((triggerId) => runnerKeys.trigger(runnerId, triggerId));
      const reply = await openTriggers.run(this.redis.commands, keys, [sessionId, ...deliveryIds]);
      const texts = Array.isArray(reply) ? reply.map(String) : [];
      for (const [index, triggerId] of some.entries()) {
        const json = texts[index] ?? '';
        if (json === '') continue;
        const trigger = parseJson(json);
        const deliveryId = deliveryIds[index] ?? '';
        if (checkTrigger.Check(trigger))
          found.set(triggerId, { sessionId, runnerId, deliveryId, trigger, timesSent: 0, cursor: placeOf(deliveryId) });
        else this.logger.error({ runnerId, triggerId }, 'The record of a trigger cannot be read');
      }
    }
    return found;
  }
}

function placeOf(deliveryId: string): WaitingCursor {
  return { place: 'apart', after: deliveryId };
}
