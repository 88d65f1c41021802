import { Injectable } from '@nestjs/common';
import type { Trigger } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { Replica } from '../../../platform/observability/replica.js';
import { runnerKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { readEntries, type StreamEntry } from '../../../platform/streams/stream-replies.js';
import type { NewDelivery } from '../inbox/session-inbox.js';
import type { Matches } from '../records/matches.js';
import { type Acceptance, type Settled, type TriggerRecord, TriggerRecords } from '../records/trigger-records.js';
import { type BusEntry, itemFields, parseBusEntry, triggerFields } from './bus-entry.js';
import { BusIndex } from './bus-index.js';
import { DeliverEntries } from './deliver-entries.js';
import { advanceBus, claimBus, releaseBus } from './runner-bus.scripts.js';

/** A dead reader's bus is taken over after this. */
const LEASE_MS = 3_000;
const ENTRIES_AT_A_TIME = 16;
/** Of a reader that falls behind, the rest is read back: each may hold a payload of 256 KiB. */
const MAX_FRESH = 2 * ENTRIES_AT_A_TIME;

/** This replica's reading of one bus, until it finds it empty or in other hands. */
interface Reader {
  isWoken: boolean;
  done: Promise<void>;
  /** What was accepted here under the lease that it reads by: nobody else can have touched it, so it need not be read back. */
  fresh: Map<string, TriggerRecord>;
}

/**
 * What was accepted for a runner's sessions, in the order of acceptance: triggers and people's input. One replica at a time reads it
 * (it holds the lease) and fans it out; whoever appends starts reading, so in quiet times that is the same one.
 *
 * A reader that lost its lease without noticing may still append to inboxes. That does no harm: it appends the same deliveries in the same
 * order as the new reader, an inbox takes each once, and only the holder of the lease removes entries.
 */
@Injectable()
export class RunnerBus {
  private readonly reading = new Map<string, Reader>();

  constructor(
    private readonly redis: Redis,
    private readonly replica: Replica,
    private readonly index: BusIndex,
    private readonly records: TriggerRecords,
    private readonly deliver: DeliverEntries,
    private readonly logger: PinoLogger,
  ) {}

  /**
   * Accepts a trigger. Resolves once Redis holds it; its fan-out is on its way then, from memory unless others were before it.
   * @param wantedVersion that the matches are of; null: they count whatever has changed
   */
  async accept(
    runnerId: string,
    trigger: Trigger,
    matches: Matches,
    wantedVersion: string | null,
  ): Promise<Acceptance> {
    const acceptance = await this.records.accept(runnerId, trigger, matches, {
      ...(wantedVersion === null ? {} : { wantedVersion }),
      reader: { token: this.replica.id, leaseMs: LEASE_MS },
    });
    if (acceptance.kind === 'known') this.wake(runnerId);
    if (acceptance.kind === 'accepted' && acceptance.place !== null) {
      const { place, isReader, isAlone } = acceptance;
      const start = isAlone ? [{ id: place, fields: triggerFields(trigger.triggerId) }] : null;
      const record = isReader ? { trigger, matches, settled: new Map<string, Settled>() } : null;
      this.caught(runnerId, this.readFrom(runnerId, start, record));
    }
    return acceptance;
  }

  /** Accepts something for one session's inbox. Resolves once Redis holds it. */
  async append(runnerId: string, sessionId: string, item: NewDelivery): Promise<void> {
    await Promise.all([
      this.index.note(runnerId),
      this.redis.commands.xadd(runnerKeys.bus(runnerId), '*', ...itemFields(sessionId, item)),
    ]);
  }

  /** Fans out what is on the bus. Resolves when it is empty or another replica reads it. */
  drain(runnerId: string): Promise<void> {
    return this.readFrom(runnerId, null, null);
  }

  /** The same for those who do not wait for it. */
  wake(runnerId: string): void {
    this.caught(runnerId, this.drain(runnerId));
  }

  private caught(runnerId: string, reading: Promise<void>): void {
    reading.catch((error: unknown) =>
      this.logger.warn({ err: error, runnerId }, 'Reading a bus failed; it is read again shortly'),
    );
  }

  /**
   * @param start All that is on the bus, under the lease of this replica. Only for whoever begins to read: a reader that runs already may have met it
   * by the time that it looks again.
   */
  private readFrom(runnerId: string, start: StreamEntry[] | null, fresh: TriggerRecord | null): Promise<void> {
    let reader = this.reading.get(runnerId);
    const isRunning = reader !== undefined;
    reader ??= { isWoken: false, done: Promise.resolve(), fresh: new Map() };
    if (fresh && reader.fresh.size < MAX_FRESH) reader.fresh.set(fresh.trigger.triggerId, fresh);
    if (isRunning) reader.isWoken = true;
    else {
      this.reading.set(runnerId, reader);
      reader.done = this.readWhileWoken(runnerId, reader, start);
    }
    return reader.done;
  }

  private async readWhileWoken(runnerId: string, reader: Reader, start: StreamEntry[] | null): Promise<void> {
    try {
      await this.read(runnerId, reader, start);
      while (reader.isWoken) {
        reader.isWoken = false;
        await this.read(runnerId, reader, null);
      }
    } finally {
      // In the same turn as the last look at `isWoken`: whoever comes later must start anew.
      this.reading.delete(runnerId);
    }
  }

  private async read(runnerId: string, { fresh }: Reader, start: StreamEntry[] | null): Promise<void> {
    const keys = [runnerKeys.busLease(runnerId), runnerKeys.bus(runnerId)];
    const lease = [this.replica.id, LEASE_MS, ENTRIES_AT_A_TIME];
    try {
      let reply = start ? null : await claimBus.run(this.redis.commands, keys, lease);
      if (!start && reply === null) return fresh.clear();
      for (let entries = start ?? readEntries(reply); entries.length > 0; entries = readEntries(reply)) {
        const { readable, damaged } = parse(entries);
        if (damaged.length > 0) {
          this.logger.error({ runnerId, damaged }, 'Dropped entries of a bus that cannot be read');
          reply = await advanceBus.run(this.redis.commands, keys, [...lease, ...damaged]);
        }
        for await (const done of this.deliver.run(runnerId, readable, fresh)) {
          reply = await advanceBus.run(this.redis.commands, keys, [...lease, ...done]);
          if (reply === null) return fresh.clear(); // somebody else has the lease now, and does it again
        }
      }
    } catch (error) {
      fresh.clear();
      await releaseBus.run(this.redis.commands, keys.slice(0, 1), [this.replica.id]);
      throw error;
    }
  }
}

function parse(entries: readonly StreamEntry[]): { readable: BusEntry[]; damaged: string[] } {
  const readable: BusEntry[] = [];
  const damaged: string[] = [];
  for (const entry of entries) {
    const parsed = parseBusEntry(entry);
    if (parsed) readable.push(parsed);
    else damaged.push(entry.id);
  }
  return { readable, damaged };
}
