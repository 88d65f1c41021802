import { Injectable } from '@nestjs/common';
import type { ProblemCode } from '@pizzapi/protocol';
import { SessionInbox, TriggerRecords } from '../../deliveries/index.js';

/** Takes away what waits for a session that will never run, and says so in the records of its triggers. */
@Injectable()
export class DiscardInbox {
  constructor(
    private readonly inbox: SessionInbox,
    private readonly records: TriggerRecords,
  ) {}

  async run(sessionId: string, reason: ProblemCode): Promise<void> {
    for (const { item } of await this.inbox.list(sessionId)) {
      const { deliveryId, runnerId, triggerId } = item;
      if (runnerId !== undefined && triggerId !== undefined)
        await this.records.settle(runnerId, triggerId, [{ deliveryId, state: 'discarded', reason }]);
    }
    // Last, so that a crash leaves it to be found again.
    await this.inbox.delete(sessionId);
  }
}
