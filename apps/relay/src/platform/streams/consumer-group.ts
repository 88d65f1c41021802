import { setTimeout as pause } from 'node:timers/promises';
import type { DomainEvent } from '@pizzapi/protocol';
import type { Redis as IoRedis } from 'ioredis';
import type { PinoLogger } from 'nestjs-pino';
import { streamKeys } from '../redis/keys.js';
import type { EventReader, EventReaderOptions } from './event-reader.js';
import { leaveGroup, removeSilentConsumers } from './leave-group.js';
import { parseDomainEvent } from './parse-domain-event.js';
import { readAutoclaim, readGroupReply, type StreamEntry } from './stream-replies.js';

const BATCH = 128;
const PARKED_AT_MOST = 10_000;
/** How often an event is tried on its own, right after its batch has failed. */
const QUICK_TRIES = 5;
/** An event that still fails after this long is parked. Until then the database may be down, which is no fault of the event. */
const GIVE_UP_MS = 24 * 3_600_000;

export interface ConsumerGroupTiming {
  /** How long a read waits for something new. What is pending is looked at between two reads. */
  blockMs: number;
  /** The pause after the first quick try; each of the following is twice as long. */
  firstPauseMs: number;
  /** What has been pending for this long is tried again: its replica died, or it could not be handled then. */
  reclaimAfterMs: number;
  /** A consumer that was silent for this long is of a replica that is gone. */
  forgetAfterMs: number;
}
const TIMING: ConsumerGroupTiming = {
  blockMs: 2_000,
  firstPauseMs: 200,
  reclaimAfterMs: 15_000,
  forgetAfterMs: 600_000,
};
/** How long a stop waits for Redis. */
const LEAVE_MS = 1_000;

export interface ConsumerGroupParts {
  options: EventReaderOptions;
  reader: EventReader;
  /** This replica's name in the group. */
  consumer: string;
  /** A connection of its own, because reading blocks it. */
  blocking: IoRedis;
  commands: IoRedis;
  logger: PinoLogger;
  timing?: ConsumerGroupTiming;
}

interface WantedEvent {
  entry: StreamEntry;
  event: DomainEvent;
}
interface FailedEvent extends WantedEvent {
  error: unknown;
}

/**
 * Reads the event stream for one group on one replica. An event is acknowledged once it was handled, so what a dead replica left, or what failed,
 * stays pending and is tried again.
 */
export class ConsumerGroup {
  private readonly timing: ConsumerGroupTiming;
  private isRunning = true;
  private finished: Promise<void> | null = null;
  private lastReclaimAt = 0;

  constructor(private readonly parts: ConsumerGroupParts) {
    this.timing = parts.timing ?? TIMING;
  }

  async start(): Promise<void> {
    await this.createGroup();
    this.finished = this.run();
  }

  /** Lets the batch in hand finish. */
  async stop(): Promise<void> {
    this.isRunning = false;
    this.parts.blocking.disconnect();
    await this.finished;
    const left = leaveGroup(this.parts.commands, this.group, this.parts.consumer).catch((error: unknown) =>
      this.parts.logger.debug({ group: this.group, reason: String(error) }, 'Leaving a group of readers failed'),
    );
    // What could not be left is removed by another replica.
    await Promise.race([left, pause(LEAVE_MS, undefined, { ref: false })]);
  }

  private get group(): string {
    return this.parts.options.group;
  }

  private async run(): Promise<void> {
    while (this.isRunning) {
      try {
        await this.reclaim();
        await this.process(await this.readNew(), QUICK_TRIES);
      } catch (error) {
        if (!this.isRunning) return;
        if (error instanceof Error && error.message.startsWith('NOGROUP'))
          await this.createGroup().catch(() => undefined); // tried again below
        this.parts.logger.warn({ err: error, group: this.group }, 'Reading domain events failed; retrying');
        await pause(500);
      }
    }
  }

  private async createGroup(): Promise<void> {
    try {
      await this.parts.commands.xgroup('CREATE', streamKeys.events, this.group, '0', 'MKSTREAM');
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('BUSYGROUP')) throw error;
    }
  }

  private async readNew(): Promise<StreamEntry[]> {
    const { blocking, consumer } = this.parts;
    const { blockMs } = this.timing;
    const from = ['STREAMS', streamKeys.events, '>'] as const;
    return readGroupReply(
      await blocking.xreadgroup('GROUP', this.group, consumer, 'COUNT', BATCH, 'BLOCK', blockMs, ...from),
    );
  }

  /** Goes once through all that is pending. */
  private async reclaim(): Promise<void> {
    const { reclaimAfterMs } = this.timing;
    if (Date.now() - this.lastReclaimAt < reclaimAfterMs) return;
    this.lastReclaimAt = Date.now();
    const { commands, consumer } = this.parts;
    let next = '0-0';
    do {
      const reply = await commands.xautoclaim(
        streamKeys.events,
        this.group,
        consumer,
        reclaimAfterMs,
        next,
        'COUNT',
        BATCH,
      );
      const page = readAutoclaim(reply);
      await this.process(page.entries, 1);
      next = page.next;
    } while (next !== '0-0' && this.isRunning);
    await removeSilentConsumers(commands, this.group, consumer, this.timing.forgetAfterMs);
  }

  private async process(entries: StreamEntry[], tries: number): Promise<void> {
    if (entries.length === 0) return;
    const wanted: WantedEvent[] = [];
    for (const entry of entries) {
      const event = parseDomainEvent(entry.fields);
      if (!event) await this.park(entry, 'not an event of the catalog');
      else if (this.parts.options.events.includes(event.type)) wanted.push({ entry, event });
    }
    const pending = new Set<StreamEntry>();
    for (const { entry, error } of await this.handle(wanted, tries)) {
      if (isTooOld(entry)) await this.park(entry, String(error));
      else pending.add(entry);
    }
    const done = entries.filter((entry) => !pending.has(entry));
    if (done.length > 0) await this.parts.commands.xack(streamKeys.events, this.group, ...done.map(({ id }) => id));
  }

  /** @returns the events that failed every time */
  private async handle(wanted: readonly WantedEvent[], tries: number): Promise<FailedEvent[]> {
    if (wanted.length === 0) return [];
    try {
      await this.parts.reader.handle(wanted.map(({ event }) => event));
      return [];
    } catch (error) {
      this.parts.logger.warn({ err: error, group: this.group }, 'A batch failed; trying its events one by one');
    }
    let failed = await this.handleEach(wanted);
    for (let tried = 1; tried < tries && failed.length > 0 && this.isRunning; tried++) {
      await pause(this.timing.firstPauseMs * 2 ** (tried - 1));
      failed = await this.handleEach(failed);
    }
    return failed;
  }

  private async handleEach(wanted: readonly WantedEvent[]): Promise<FailedEvent[]> {
    const failed: FailedEvent[] = [];
    for (const { entry, event } of wanted) {
      try {
        await this.parts.reader.handle([event]);
      } catch (error) {
        failed.push({ entry, event, error });
      }
    }
    return failed;
  }

  private async park(entry: StreamEntry, reason: string): Promise<void> {
    const { group } = this;
    this.parts.logger.error({ group, entry: entry.id, reason }, 'Parked an event that could not be handled');
    const parked = ['group', group, 'id', entry.id, 'reason', reason, 'fields', JSON.stringify(entry.fields)];
    await this.parts.commands.xadd(streamKeys.parked, 'MAXLEN', '~', PARKED_AT_MOST, '*', ...parked);
  }
}

/** An entry's id begins with the time at which it was published. */
function isTooOld({ id }: StreamEntry): boolean {
  return Date.now() - Number(id.split('-')[0]) > GIVE_UP_MS;
}
