import { Injectable } from '@nestjs/common';
import { v7 } from 'uuid';
import { Queues } from '../../../platform/queues/queues.js';
import type { Deliverable } from './bus-entry.js';

/** Gives what holds up others on its bus, or comes too late for it, a job of its own. */
@Injectable()
export class DeliverApart {
  constructor(private readonly queues: Queues) {}

  async run(runnerId: string, entry: Deliverable): Promise<void> {
    // A name of its own each time: a queue ignores names that it has seen, also of jobs that are over, and this may fail again.
    if (entry.kind === 'trigger')
      await this.queues.add('fan-out-trigger', `${entry.triggerId}.${v7()}`, { runnerId, triggerId: entry.triggerId });
    else {
      const { sessionId, item } = entry;
      await this.queues.add('deliver-item', `${item.deliveryId}.${v7()}`, { sessionId, item });
    }
  }

  /** What this version cannot deliver. */
  async unread(runnerId: string, entryId: string, fields: string[]): Promise<void> {
    await this.queues.add('read-entry', v7(), { runnerId, entryId, fields });
  }
}
