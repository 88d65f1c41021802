import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Queues } from '../../../platform/queues/queues.js';
import { type TriggerRecord, TriggerRecords } from '../records/trigger-records.js';
import type { BusEntry } from './bus-entry.js';
import type { SessionDelivery } from '../inbox/session-inbox.js';
import { deliveriesOf, FanOut } from './fan-out.js';

/** So many deliveries go to Redis before the bus moves on, so that the lease is renewed in time. */
const MAX_DELIVERIES = 1_000;

/** An entry of the bus with what has to be known for it. */
interface Prepared {
  entry: BusEntry;
  /** Of a trigger. Null: forgotten, because it lay here for longer than anything is kept. */
  record: TriggerRecord | null;
  failure: unknown;
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

  /**
   * @param fresh records that need not be read back, by trigger id; what is used is taken out
   * @returns step by step which entries are done with: fanned out, or handed to a job
   */
  async *run(
    runnerId: string,
    entries: readonly BusEntry[],
    fresh: Map<string, TriggerRecord>,
  ): AsyncGenerator<string[]> {
    const prepared = await Promise.all(entries.map((entry) => this.prepare(runnerId, entry, fresh)));
    let batch: Prepared[] = [];
    let lists: SessionDelivery[][] = [];
    let count = 0;
    for (const each of prepared) {
      const deliveries = deliveriesFor(runnerId, each);
      if (batch.length > 0 && count + deliveries.length > MAX_DELIVERIES) {
        yield await this.deliver(runnerId, batch, lists);
        [batch, lists, count] = [[], [], 0];
      }
      batch.push(each);
      lists.push(deliveries);
      count += deliveries.length;
    }
    if (batch.length > 0) yield await this.deliver(runnerId, batch, lists);
  }

  private async deliver(
    runnerId: string,
    batch: readonly Prepared[],
    lists: readonly SessionDelivery[][],
  ): Promise<string[]> {
    const failures = await this.fanOut.run(lists);
    await Promise.all(
      batch.map(async ({ entry, record, failure }, at) => {
        if (record) await this.fanOut.startListeners(runnerId, record);
        const reason = failure ?? failures[at];
        if (reason) await this.handOver(runnerId, entry, reason);
      }),
    );
    return batch.map(({ entry }) => entry.id);
  }

  private async prepare(runnerId: string, entry: BusEntry, fresh: Map<string, TriggerRecord>): Promise<Prepared> {
    if (entry.kind === 'item') return { entry, record: null, failure: undefined };
    const known = fresh.get(entry.triggerId);
    fresh.delete(entry.triggerId);
    if (known) return { entry, record: known, failure: undefined };
    try {
      return { entry, record: await this.records.read(runnerId, entry.triggerId), failure: undefined };
    } catch (failure) {
      return { entry, record: null, failure };
    }
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

function deliveriesFor(runnerId: string, { entry, record }: Prepared): SessionDelivery[] {
  if (entry.kind === 'item') return [{ sessionId: entry.sessionId, item: entry.item }];
  return record ? deliveriesOf(runnerId, record) : [];
}
