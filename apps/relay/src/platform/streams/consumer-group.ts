import { setTimeout as pause } from 'node:timers/promises';
import type { DomainEvent } from '@pizzapi/protocol';
import type { Redis as IoRedis } from 'ioredis';
import type { PinoLogger } from 'nestjs-pino';
import { busKeys } from '../redis/keys.js';
import type { EventReader, EventReaderOptions } from './event-reader.js';
import { parseDomainEvent } from './parse-domain-event.js';
import { readAutoclaim, readGroupReply, type StreamEntry } from './stream-replies.js';

const BATCH = 128;
const BLOCK_MS = 2_000;
/** An entry that its consumer has not acknowledged for this long belonged to a dead one. */
const RECLAIM_IDLE_MS = 15_000;
const MAX_ATTEMPTS = 5;

/** Reads the bus for one group on one replica: acknowledges, reclaims what a dead replica left, parks what can't be handled. */
export class ConsumerGroup {
  private isRunning = true;
  private finished: Promise<void> | null = null;
  private lastReclaimAt = 0;

  constructor(
    private readonly options: EventReaderOptions,
    private readonly reader: EventReader,
    private readonly consumer: string,
    private readonly blocking: IoRedis,
    private readonly commands: IoRedis,
    private readonly logger: PinoLogger,
  ) {}

  async start(): Promise<void> {
    await this.createGroup();
    this.finished = this.run();
  }

  /** Lets the batch in hand finish. */
  async stop(): Promise<void> {
    this.isRunning = false;
    this.blocking.disconnect();
    await this.finished;
  }

  private async run(): Promise<void> {
    while (this.isRunning) {
      try {
        await this.reclaim();
        const reply = await this.blocking.xreadgroup(
          'GROUP',
          this.options.group,
          this.consumer,
          'COUNT',
          BATCH,
          'BLOCK',
          BLOCK_MS,
          'STREAMS',
          busKeys.events,
          '>',
        );
        await this.process(readGroupReply(reply));
      } catch (error) {
        if (!this.isRunning) return;
        if (error instanceof Error && error.message.startsWith('NOGROUP'))
          await this.createGroup().catch(() => undefined); // tried again below
        this.logger.warn({ err: error, group: this.options.group }, 'Reading the bus failed; retrying');
        await pause(500);
      }
    }
  }

  private async createGroup(): Promise<void> {
    try {
      await this.commands.xgroup('CREATE', busKeys.events, this.options.group, '0', 'MKSTREAM');
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('BUSYGROUP')) throw error;
    }
  }

  private async reclaim(): Promise<void> {
    if (Date.now() - this.lastReclaimAt < RECLAIM_IDLE_MS) return;
    this.lastReclaimAt = Date.now();
    const reply = await this.commands.xautoclaim(
      busKeys.events,
      this.options.group,
      this.consumer,
      RECLAIM_IDLE_MS,
      '0',
      'COUNT',
      BATCH,
    );
    await this.process(readAutoclaim(reply));
  }

  private async process(entries: StreamEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const wanted: { entry: StreamEntry; event: DomainEvent }[] = [];
    for (const entry of entries) {
      const event = parseDomainEvent(entry.fields);
      if (!event) await this.park(entry, 'not an event of the catalog');
      else if (this.options.events.includes(event.type)) wanted.push({ entry, event });
    }
    try {
      if (wanted.length > 0) await this.reader.handle(wanted.map(({ event }) => event));
    } catch (error) {
      this.logger.warn({ err: error, group: this.options.group }, 'A batch failed; trying its events one by one');
      for (const { entry, event } of wanted) await this.handleAlone(entry, event);
    }
    await this.commands.xack(busKeys.events, this.options.group, ...entries.map(({ id }) => id));
  }

  private async handleAlone(entry: StreamEntry, event: DomainEvent): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.reader.handle([event]);
      } catch (error) {
        // Redis or the database being away is no fault of the event: it stays unacknowledged and is reclaimed.
        if (!this.isRunning) throw error;
        if (attempt >= MAX_ATTEMPTS) return this.park(entry, String(error));
        await pause(100 * 2 ** attempt);
      }
    }
  }

  private async park(entry: StreamEntry, reason: string): Promise<void> {
    this.logger.error(
      { group: this.options.group, entry: entry.id, reason },
      'Parked an event that could not be handled',
    );
    await this.commands.xadd(
      busKeys.parked,
      'MAXLEN',
      '~',
      10_000,
      '*',
      'group',
      this.options.group,
      'id',
      entry.id,
      'reason',
      reason,
      'fields',
      JSON.stringify(entry.fields),
    );
  }
}
