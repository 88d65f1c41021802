import { Injectable } from '@nestjs/common';
import type { ProblemCode } from '@pizzapi/protocol';
import { SessionInbox, TriggerRecords } from '../../deliveries/index.js';

const DELIVERIES_AT_A_TIME = 200;

/** Takes away what waits for a session that will never run, and says so in the records of its triggers. */
@Injectable()
export class DiscardInbox {
  constructor(
    private readonly inbox: SessionInbox,
    private readonly records: TriggerRecords,
  ) {}

  /** Removes only what it has read and settled: a trigger may still be on its way here, and must not vanish without a word. */
  async run(sessionId: string, reason: ProblemCode): Promise<void> {
    let cursor: string | null = '0-0';
    while (cursor !== null) {
      const page = await this.inbox.listAfter(sessionId, cursor, DELIVERIES_AT_A_TIME);
      const items = page.waiting.map(({ item }) => item);
      for (const { deliveryId, runnerId, triggerId } of items)
        if (runnerId !== undefined && triggerId !== undefined)
          await this.records.settle(runnerId, triggerId, [{ deliveryId, state: 'discarded', reason }]);
      // After its record, so that a crash in between leaves it here to be found again.
      await this.inbox.forget(sessionId, items);
      cursor = page.last;
    }
    await this.inbox.dropIfEmpty(sessionId);
  }
}
