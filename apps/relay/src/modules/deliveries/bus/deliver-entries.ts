import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import type { SessionDelivery } from '../inbox/session-inbox.js';
import { type TriggerRecord, TriggerRecords } from '../records/trigger-records.js';
import type { BusEntry } from './bus-entry.js';
import { DeliverApart } from './deliver-apart.js';
import { deliveriesOf, FanOut } from './fan-out.js';
import type { OpenEntry } from './open-entry.js';

const NOT_UNDERSTOOD = 'This version of the relay does not understand the entry.';

/** An entry of the bus, and what its fan-out needs. */
interface Prepared {
  open: OpenEntry;
  /** Of a trigger. Null: it has expired, because the entry lay here for longer than records are kept. */
  record: TriggerRecord | null;
  failure: unknown;
}

/** Fans out entries of a bus, in order. One that fails becomes a job of its own and holds up nobody. */
@Injectable()
export class DeliverEntries {
  constructor(
    private readonly records: TriggerRecords,
    private readonly fanOut: FanOut,
    private readonly apart: DeliverApart,
    private readonly logger: PinoLogger,
  ) {}

  /**
   * Marks each entry as fanned out once that is done, or once it was handed to a job.
   * @param since since when this replica has been the only reader of the bus
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
          'The record of a trigger on a bus has expired; it does not reach any more sessions',
        );
      return { open, record, failure: undefined };
    } catch (failure) {
      return { open, record: null, failure };
    }
  }

  private async handOver(runnerId: string, entry: BusEntry, failure: unknown): Promise<void> {
    this.logger.warn(
      { err: failure, runnerId, entry: entry.id },
      'A fan-out failed; it is tried again as a job of its own',
    );
    if (entry.kind === 'unread') await this.apart.unread(runnerId, entry.id, entry.fields);
    else await this.apart.run(runnerId, entry);
  }
}

function deliveriesFor(runnerId: string, { open: { entry }, record }: Prepared): SessionDelivery[] {
  if (entry.kind === 'unread') return [];
  if (entry.kind === 'item') return [{ sessionId: entry.sessionId, item: entry.item }];
  return record ? deliveriesOf(runnerId, record) : [];
}
