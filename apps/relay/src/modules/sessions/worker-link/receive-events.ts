import { Injectable } from '@nestjs/common';
import { ProblemCode, type SessionEventType } from '@pizzapi/protocol';
import { ProblemError } from '../../../platform/http/problem.error.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import { EventLog, parseBatch, UnregisteredWorkerError } from '../event-log/index.js';

/** Event types that matter to the transcript or the session's row. A batch with none of them, such as mere deltas, wakes no reader. */
const PROJECTED: ReadonlySet<SessionEventType> = new Set([
  'session.opened',
  'activity.changed',
  'model.changed',
  'name.changed',
  'usage.changed',
  'sandbox.changed',
  'approval.requested',
  'entry.appended',
  'turn.interrupted',
  'branch.changed',
  'session.closed',
]);

/** Appends a worker's batch to the event log. */
@Injectable()
export class ReceiveEvents {
  constructor(
    private readonly log: EventLog,
    private readonly bus: EventBus,
  ) {}

  /**
   * The append is issued before the first `await`, so that the batches of a socket stay in order without waiting for one another. It
   * resolves once the event for the readers is published as well; after a crash before that, the worker sends the batch again.
   * @param reconnect is called when the worker has to register again
   */
  async run(
    sessionId: string,
    epoch: number | null,
    batch: readonly unknown[],
    reconnect: () => void,
  ): Promise<{ lastSeq: number }> {
    if (epoch === null) throw new ProblemError(403, ProblemCode.forbidden, 'Register first.');
    const events = parseBatch(batch);
    if (!events) {
      throw new ProblemError(
        400,
        ProblemCode.malformedMessage,
        'An event does not fit its type, or its number does not follow the one before.',
      );
    }
    try {
      const lastSeq = await this.log.append(sessionId, epoch, events);
      if (events.some(({ type }) => PROJECTED.has(type)))
        await this.bus.publish('session.entries-appended', { sessionId, lastSeq });
      return { lastSeq };
    } catch (error) {
      // On its next connection, the worker registers again.
      if (error instanceof UnregisteredWorkerError) reconnect();
      throw error;
    }
  }
}
