import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Queues } from '../../../platform/queues/queues.js';
import { TriggerRecords } from '../records/trigger-records.js';
import type { BusEntry } from './bus-entry.js';
import { deliveriesOf, FanOut, type SessionDelivery } from './fan-out.js';

/** So many deliveries go to Redis before the bus moves on, so that the lease is renewed in time. */
const MAX_DELIVERIES = 1_000;

interface Prepared {
  entry: BusEntry;
  deliveries: SessionDelivery[];
  startListeners: () => Promise<void>;
}

/** Fans out entries of a bus in their order. What fails becomes a job of its own and holds up nobody. */
@Injectable()
export class DeliverEntries {
  constructor(
    private readonly records: TriggerRecords,
    private readonly fanOut: FanOut,
    private readonly queues: Queues,
    private readonly logger: PinoLogger,
  ) {}

  /** @returns the entries from the first on that are done with: fanned out, or handed to a job */
  async run(runnerId: string, entries: readonly BusEntry[]): Promise<string[]> {
    const results = await Promise.allSettled(entries.map((entry) => this.prepare(runnerId, entry)));
    const batch: (Prepared | { entry: BusEntry; failure: unknown })[] = [];
    let count = 0;
    for (const [at, result] of results.entries()) {
      const entry = entries[at];
      if (!entry) break;
      const size = result.status === 'fulfilled' ? result.value.deliveries.length : 0;
      if (batch.length > 0 && count + size > MAX_DELIVERIES) break;
      count += size;
      batch.push(result.status === 'fulfilled' ? result.value : { entry, failure: result.reason });
    }
    const prepared = batch.filter((item) => 'deliveries' in item);
    const failures = await this.fanOut.run(prepared.map(({ deliveries }) => deliveries));
    await Promise.all([
      ...prepared.map(({ startListeners }) => startListeners()),
      ...batch.flatMap((item) => ('failure' in item ? [this.handOver(runnerId, item.entry, item.failure)] : [])),
      ...prepared.flatMap(({ entry }, at) => (failures[at] ? [this.handOver(runnerId, entry, failures[at])] : [])),
    ]);
    return batch.map(({ entry }) => entry.id);
  }

  private async prepare(runnerId: string, entry: BusEntry): Promise<Prepared> {
    if (entry.kind === 'item') {
      const { sessionId, item } = entry;
      return { entry, deliveries: [{ sessionId, item }], startListeners: noListeners };
    }
    const record = await this.records.read(runnerId, entry.triggerId);
    // Forgotten: it lay here for longer than anything is kept.
    if (!record) return { entry, deliveries: [], startListeners: noListeners };
    return {
      entry,
      deliveries: deliveriesOf(runnerId, record),
      startListeners: () => this.fanOut.startListeners(runnerId, record),
    };
  }

  private async handOver(runnerId: string, entry: BusEntry, failure: unknown): Promise<void> {
    this.logger.warn({ err: failure, runnerId, entry: entry.id }, 'A fan-out failed; it is tried again apart');
    if (entry.kind === 'trigger')
      await this.queues.add('fan-out-trigger', entry.triggerId, { runnerId, triggerId: entry.triggerId });
    else {
      const { sessionId, item } = entry;
      await this.queues.add('deliver-item', item.deliveryId, { sessionId, item });
    }
  }
}

function noListeners(): Promise<void> {
  return Promise.resolve();
}
