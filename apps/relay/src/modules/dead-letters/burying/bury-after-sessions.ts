import { Injectable } from '@nestjs/common';
import type { DomainEvent } from '@pizzapi/protocol';
import { type EventReader, ReadsEvents } from '../../../platform/streams/event-reader.js';
import { BuryInbox } from './bury-inbox.js';
import { ExpireDeliveries } from './expire-deliveries.js';
import { SessionFatesRepository } from './session-fates.repository.js';

/**
 * Buries what waits for a session that has failed or was deleted. An ended session keeps its inbox, which is delivered when it is resumed. Should an
 * event be lost, `ExpireDeliveries` finds what it leaves behind.
 */
@ReadsEvents({ group: 'dead-letters', events: ['session.changed', 'session.deleted'] })
@Injectable()
export class BuryAfterSessions implements EventReader {
  constructor(
    private readonly sessions: SessionFatesRepository,
    private readonly buryInbox: BuryInbox,
    private readonly expireDeliveries: ExpireDeliveries,
  ) {}

  async handle(events: DomainEvent[]): Promise<void> {
    const changed = events.flatMap((event) => (event.type === 'session.changed' ? [event.data.sessionId] : []));
    // One query for the whole batch; the answer is nearly always "none".
    const failed = changed.length > 0 ? await this.sessions.failedAmong(changed) : [];
    for (const { sessionId } of failed) await this.buryInbox.ofFailed(sessionId);
    for (const event of events) {
      if (event.type !== 'session.deleted') continue;
      const { sessionId, ownerId, runnerId = '', organisationId = '', name = null } = event.data;
      await this.buryInbox.ofDeleted(sessionId, { sessionId, ownerId, runnerId, organisationId, name });
      await this.expireDeliveries.lookAgain(sessionId);
    }
  }
}
