import { Injectable } from '@nestjs/common';
import {
  ProblemCode,
  QueuedInput,
  QueueState,
  SessionCommand,
  type SessionEvent,
  SessionOffer,
} from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { conflict, ProblemError } from '../../../platform/http/problem.error.js';
import { sessionEvents } from '../../../platform/observability/metrics.js';
import { sessionKeys } from '../../../platform/redis/keys.js';
import { parseJson } from '../../../platform/redis/parse-json.js';
import { Redis } from '../../../platform/redis/redis.js';
import { appendEvents, askAnew, openLog } from './append-events.js';
import { readEvents } from './read-events.js';
import { shrinkLog } from './shrink-log.js';
import { parseStoredEvent } from './session-event.parse.js';

export interface OpenedLog {
  lastSeq: number;
  lastEntryId: string | null;
}

export interface ReadLimits {
  count: number;
  bytes: number;
}

export interface ReadEvents {
  events: SessionEvent[];
  /** Nothing follows them. */
  isEnd: boolean;
}

/** A session's numbered events in a Redis stream: the source of what viewers see, and of the transcript. */
@Injectable()
export class EventLog {
  constructor(
    private readonly redis: Redis,
    private readonly logger: PinoLogger,
  ) {}

  /**
   * Registers a worker for writing.
   * @param epoch of the worker; later calls with a lower one are refused
   * @param nextSeq the number that the worker will use next; null: it does not know
   * @param floor where the transcript ends, in case Redis has lost the log
   * @throws ProblemError `epoch_superseded`
   */
  async open(sessionId: string, epoch: number, nextSeq: number | null, floor: OpenedLog): Promise<OpenedLog> {
    // Otherwise the first of two batches that are sent at once would be repeated, after the second.
    await appendEvents.load(this.redis.commands);
    const reply = await openLog.run(this.redis.commands, logKeys(sessionId), [
      epoch,
      nextSeq ?? 0,
      floor.lastSeq,
      floor.lastEntryId ?? '',
    ]);
    const [status, lastSeq, lastEntryId] = asList(reply);
    if (status === -2) throw superseded();
    return {
      lastSeq: Number(lastSeq),
      lastEntryId: typeof lastEntryId === 'string' && lastEntryId !== '' ? lastEntryId : null,
    };
  }

  /**
   * Appends a batch; events that the log already holds are skipped. Batches are appended in the order of the calls, which need not wait for
   * one another.
   * @returns the last number that the log now holds
   * @throws ProblemError `sequence_gap` (the text says where to go on), `epoch_superseded`
   * @throws UnregisteredWorkerError when Redis has lost the registration, so that the worker has to register again
   */
  async append(sessionId: string, epoch: number, events: readonly SessionEvent[]): Promise<number> {
    const first = events[0];
    if (!first) throw new Error('An empty batch was given to the event log.');
    const args = [
      epoch,
      first.seq,
      lastEntryIdIn(events),
      lastQueueIn(events),
      lastCommandsIn(events),
      ...events.map((event) => JSON.stringify(event)),
    ];
    const [status, last] = asList(await appendEvents.run(this.redis.commands, logKeys(sessionId), args));
    if (status === -2) throw superseded();
    if (status === -3) throw new UnregisteredWorkerError();
    if (status === -1) {
      sessionEvents.inc({ result: 'gap' }, events.length);
      throw conflict(ProblemCode.sequenceGap, `The log ends at ${Number(last)}; go on with ${Number(last) + 1}.`);
    }
    sessionEvents.inc({ result: status === 1 ? 'appended' : 'duplicate' }, events.length);
    return Number(last);
  }

  /** Events after a number, the oldest first: no more of them, and of their bytes, than the limits say, but one if any follows. */
  async readAfter(sessionId: string, afterSeq: number, { count, bytes }: ReadLimits): Promise<ReadEvents> {
    const reply = await readEvents.run(this.redis.commands, [sessionKeys.events(sessionId)], [afterSeq, count, bytes]);
    const [isEnd, ...entries] = asList(reply);
    const events: SessionEvent[] = [];
    for (let at = 0; at + 1 < entries.length; at += 2)
      events.push(this.parse(sessionId, Number.parseInt(String(entries[at])), String(entries[at + 1])));
    return { events, isEnd: isEnd === 1 };
  }

  /** The number of the first event after a number; null: none follows. */
  async firstAfter(sessionId: string, afterSeq: number): Promise<number | null> {
    const { events } = await this.readAfter(sessionId, afterSeq, { count: 1, bytes: 1 });
    return events[0]?.seq ?? null;
  }

  /** The number from which the log tells all: of what it holds before that, entries are told again. 0: it was never torn. */
  async tellsAllFrom(sessionId: string): Promise<number> {
    return Number((await this.redis.commands.hget(sessionKeys.meta(sessionId), 'from')) ?? '0');
  }

  /**
   * Has the worker tell anew what comes after the transcript, where events between that and the log are gone.
   * @returns as {@link tellsAllFrom}
   */
  async askAnew(sessionId: string, { lastSeq, lastEntryId }: OpenedLog): Promise<number> {
    const [events, meta] = logKeys(sessionId);
    return Number(await askAnew.run(this.redis.commands, [events, meta], [lastSeq, lastEntryId ?? '']));
  }

  async lastSeq(sessionId: string): Promise<number> {
    return Number((await this.redis.commands.hget(sessionKeys.meta(sessionId), 'last')) ?? '0');
  }

  /** The worker's queue as it last reported it. */
  async queue(sessionId: string): Promise<QueueState> {
    const queue = await this.reported(sessionId, 'queue');
    if (queueCheck.Check(queue)) return queue;
    // In the form of earlier releases.
    if (inputsCheck.Check(queue)) return { inputs: queue };
    if (queue !== null) this.skipped(sessionId, 'queue');
    return { inputs: [] };
  }

  /** The commands that an input may begin with, and the plugins, as the worker last reported them. */
  async offer(sessionId: string): Promise<SessionOffer> {
    const offer = await this.reported(sessionId, 'commands');
    if (offerCheck.Check(offer)) return offer;
    // In the form of earlier releases.
    if (commandsCheck.Check(offer)) return { commands: offer };
    if (offer !== null) this.skipped(sessionId, 'commands');
    return { commands: [] };
  }

  /** Null: it has reported none. Undefined: what is stored is not JSON. */
  private async reported(sessionId: string, field: 'queue' | 'commands'): Promise<unknown> {
    const json = await this.redis.commands.hget(sessionKeys.meta(sessionId), field);
    return json === null ? null : parseJson(json);
  }

  private skipped(sessionId: string, what: string): void {
    this.logger.error({ sessionId, what }, 'Redis holds something of a session that cannot be read; it counts as none');
  }

  /** What cannot be read takes nothing along: its number is told as an error, so that there is no hole. */
  private parse(sessionId: string, seq: number, json: string): SessionEvent {
    const event = parseStoredEvent(json);
    if (event?.seq === seq) return event;
    this.skipped(sessionId, `event ${seq}`);
    const detail = `Event ${seq} of this session cannot be read, and is left out.`;
    return { seq, type: 'error.raised', ts: new Date().toISOString(), data: { code: EVENT_UNREADABLE, detail } };
  }

  /** Removes events below a number. The caller must be sure that the transcript holds them. */
  async forgetBelow(sessionId: string, seq: number): Promise<void> {
    await this.redis.commands.xtrim(sessionKeys.events(sessionId), 'MINID', '~', `${seq}-0`);
  }

  /** Removes the oldest events, if the log takes more bytes. Those from `neededSeq` on stay; the transcript must hold all below. */
  async shrink(sessionId: string, neededSeq: number, bytes: number): Promise<void> {
    await shrinkLog.run(this.redis.commands, [sessionKeys.events(sessionId)], [neededSeq, bytes]);
  }

  async delete(sessionId: string): Promise<void> {
    await this.redis.commands.del(sessionKeys.events(sessionId), sessionKeys.meta(sessionId));
  }
}

/** The log does not know the worker that writes to it, which has to register again to learn where to go on. */
export class UnregisteredWorkerError extends Error {
  constructor() {
    super("The event log has lost this worker's registration.");
    this.name = 'UnregisteredWorkerError';
  }
}

const EVENT_UNREADABLE = 'event_unreadable';
const queueCheck = Compile(QueueState);
const inputsCheck = Compile(Type.Array(QueuedInput));
const offerCheck = Compile(SessionOffer);
const commandsCheck = Compile(Type.Array(SessionCommand));

function logKeys(sessionId: string): [events: string, meta: string, live: string] {
  return [sessionKeys.events(sessionId), sessionKeys.meta(sessionId), sessionKeys.live(sessionId)];
}

function asList(reply: unknown): unknown[] {
  if (!Array.isArray(reply)) throw new Error('A Redis function of the event log answered in an unknown form.');
  return reply;
}

function superseded(): ProblemError {
  return conflict(ProblemCode.epochSuperseded, 'A newer worker runs this session; this one must exit.');
}

function lastEntryIdIn(events: readonly SessionEvent[]): string {
  const entry = events.findLast((event) => event.type === 'entry.appended');
  return entry?.type === 'entry.appended' ? entry.data.entryId : '';
}

function lastQueueIn(events: readonly SessionEvent[]): string {
  const queue = events.findLast((event) => event.type === 'queue.changed');
  return queue?.type === 'queue.changed' ? JSON.stringify(queue.data) : '';
}

function lastCommandsIn(events: readonly SessionEvent[]): string {
  const changed = events.findLast((event) => event.type === 'commands.changed');
  return changed?.type === 'commands.changed' ? JSON.stringify(changed.data) : '';
}
