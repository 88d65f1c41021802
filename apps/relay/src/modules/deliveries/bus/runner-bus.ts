import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Replica } from '../../../platform/observability/replica.js';
import { runnerKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { readEntries, type StreamEntry } from '../../../platform/streams/stream-replies.js';
import type { NewDelivery } from '../inbox/session-inbox.js';
import { type BusEntry, itemFields, parseBusEntry } from './bus-entry.js';
import { BusIndex } from './bus-index.js';
import { DeliverEntries } from './deliver-entries.js';
import { advanceBus, claimBus, releaseBus } from './runner-bus.scripts.js';

/** A dead reader's bus is taken over after this. */
const LEASE_MS = 3_000;
const ENTRIES_AT_A_TIME = 16;

/**
 * What was accepted for a runner's sessions, in the order of acceptance: triggers and people's input. One replica at a time reads it
 * (it holds the lease) and fans it out; whoever appends starts reading, so in quiet times that is the same one.
 *
 * A reader that lost its lease without noticing may still append to inboxes. That does no harm: it appends the same deliveries in the same
 * order as the new reader, an inbox takes each once, and only the holder of the lease removes entries.
 */
@Injectable()
export class RunnerBus {
  private readonly reading = new Map<string, { isWoken: boolean; done: Promise<void> }>();

  constructor(
    private readonly redis: Redis,
    private readonly replica: Replica,
    private readonly index: BusIndex,
    private readonly deliver: DeliverEntries,
    private readonly logger: PinoLogger,
  ) {}

  /** Accepts something for one session's inbox. Resolves once Redis holds it. */
  async append(runnerId: string, sessionId: string, item: NewDelivery): Promise<void> {
    await Promise.all([
      this.index.note(runnerId),
      this.redis.commands.xadd(runnerKeys.bus(runnerId), '*', ...itemFields(sessionId, item)),
    ]);
  }

  /** Fans out what is on the bus. Resolves when it is empty or another replica reads it. */
  async drain(runnerId: string): Promise<void> {
    const running = this.reading.get(runnerId);
    if (running) {
      running.isWoken = true;
      return running.done;
    }
    const reader = { isWoken: true, done: Promise.resolve() };
    this.reading.set(runnerId, reader);
    reader.done = this.readWhileWoken(runnerId, reader).finally(() => this.reading.delete(runnerId));
    return reader.done;
  }

  /** The same for those who do not wait for it. */
  wake(runnerId: string): void {
    this.drain(runnerId).catch((error: unknown) =>
      this.logger.warn({ err: error, runnerId }, 'Reading a bus failed; it is read again shortly'),
    );
  }

  private async readWhileWoken(runnerId: string, reader: { isWoken: boolean }): Promise<void> {
    while (reader.isWoken) {
      reader.isWoken = false;
      await this.read(runnerId);
    }
  }

  private async read(runnerId: string): Promise<void> {
    const keys = [runnerKeys.busLease(runnerId), runnerKeys.bus(runnerId)];
    const lease = [this.replica.id, LEASE_MS, ENTRIES_AT_A_TIME];
    let reply = await claimBus.run(this.redis.commands, keys, lease);
    try {
      for (let entries = readEntries(reply); entries.length > 0; entries = readEntries(reply)) {
        const { readable, damaged } = parse(entries);
        if (damaged.length > 0) {
          this.logger.error({ runnerId, damaged }, 'Dropped entries of a bus that cannot be read');
          reply = await advanceBus.run(this.redis.commands, keys, [...lease, ...damaged]);
        }
        for await (const done of this.deliver.run(runnerId, readable)) {
          reply = await advanceBus.run(this.redis.commands, keys, [...lease, ...done]);
          if (reply === null) return; // somebody else has the lease now, and does it again
        }
      }
    } catch (error) {
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
