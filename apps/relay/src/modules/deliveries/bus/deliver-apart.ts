import { Injectable } from '@nestjs/common';
import { v7 } from 'uuid';
import { Queues } from '../../../platform/queues/queues.js';
import type { Deliverable } from './bus-entry.js';

/** Moves what could not be delivered from its bus into a job of its own, so that it does not hold up the others. */
@Injectable()
export class DeliverApart {
  constructor(private readonly queues: Queues) {}

  async run(runnerId: string, entry: Deliverable): Promise<void> {
    // A new job id each time: a queue ignores an id that it has seen, even of a finished job, and the same entry may fail again.
    if (entry.kind === 'trigger')
      await this.queues.add('fan-out-trigger', `${entry.triggerId}.${v7()}`, { runnerId, triggerId: entry.triggerId });
    else {
      const { sessionId, item } = entry;
      await this.queues.add('deliver-item', `${item.deliveryId}.${v7()}`, { sessionId, item });
    }
  }

  /** For an entry that this version does not understand. */
  async unread(runnerId: string, entryId: string, fields: string[]): Promise<void> {
    await this.queues.add('read-entry', v7(), { runnerId, entryId, fields });
  }
}
