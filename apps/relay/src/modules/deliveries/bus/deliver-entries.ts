import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import type { SessionDelivery } from '../inbox/session-inbox.js';
import { type TriggerRecord, TriggerRecords } from '../records/trigger-records.js';
import type { BusEntry } from './bus-entry.js';
import { DeliverApart } from './deliver-apart.js';
import { deliveriesOf, FanOut } from './fan-out.js';
import type { OpenEntry } from './open-entry.js';

const NOT_UNDERSTOOD = 'This version cannot read the entry.';

/** An entry of the bus with what has to be known for it. */
interface Prepared {
  open: OpenEntry;
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
    private readonly apart: DeliverApart,
    private readonly logger: PinoLogger,
  ) {}

  /**
   * Releases each of them once it is fanned out, or handed to a job.
   * @param since when this replica began to read the bus
   */
  async run(runnerId: string, entries: readonly OpenEntry[], since: () => number): Promise<void> {
    const prepared = await Promise.all(entries.map((open) => this.prepare(runnerId, open)));
    const lists = prepared.map((each) => ({ entry: each.open, deliveries: deliveriesFor(runnerId, each) }));
    const failures = await this.fanOut.run(lists, since);
    await Promise.all(
      prepared.map(async ({ open, record, failure }, at) => {
        if (record) await this.fanOut.startListeners(runnerId, record);
        const reason = open.entry.kind === 'unread' ? new Error(NOT_UNDERSTOOD) : (failure ?? failures[at]);
        if (reason) await this.handOver(runnerId, open.entry, reason);
        open.fannedOut();
      }),
    );
  }

  private async prepare(runnerId: string, open: OpenEntry): Promise<Prepared> {
    const { entry, fresh } = open;
    if (entry.kind !== 'trigger' || fresh) return { open, record: fresh, failure: undefined };
    try {
      const record = await this.records.read(runnerId, entry.triggerId);
      if (!record)
        this.logger.warn(
          { runnerId, ...entry },
          'The record of a trigger on a bus is gone; whom it has not reached it never will',
        );
      return { open, record, failure: undefined };
    } catch (failure) {
      return { open, record: null, failure };
    }
  }

  private async handOver(runnerId: string, entry: BusEntry, failure: unknown): Promise<void> {
    this.logger.warn({ err: failure, runnerId, entry: entry.id }, 'A fan-out failed; it is tried again apart');
    if (entry.kind === 'unread') await this.apart.unread(runnerId, entry.id, entry.fields);
    else await this.apart.run(runnerId, entry);
  }
}

function deliveriesFor(runnerId: string, { open: { entry }, record }: Prepared): SessionDelivery[] {
  if (entry.kind === 'unread') return [];
  if (entry.kind === 'item') return [{ sessionId: entry.sessionId, item: entry.item }];
  return record ? deliveriesOf(runnerId, record) : [];
}
