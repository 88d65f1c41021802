import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { type DeathReason, SessionInbox, TriggerHistory, type WaitingDelivery } from '../../deliveries/index.js';
import { BuryDeliveries, type DeletedSession } from './bury-deliveries.js';
import { SessionFatesRepository } from './session-fates.repository.js';

const DELIVERIES_AT_A_TIME = 200;

export const SESSION_DELETED: DeathReason = {
  code: ProblemCode.sessionDeleted,
  detail: 'Its session was deleted before it was delivered.',
};
const SESSION_FAILED: DeathReason = { code: ProblemCode.sessionFailed, detail: 'Its session failed.' };

/** Buries what waits in a session's inbox, from its head on. */
@Injectable()
export class BuryInbox {
  constructor(
    private readonly inbox: SessionInbox,
    private readonly history: TriggerHistory,
    private readonly buryDeliveries: BuryDeliveries,
    private readonly sessions: SessionFatesRepository,
  ) {}

  /** Buries everything, as long as the session stays failed. */
  async ofFailed(sessionId: string): Promise<void> {
    for (let page = await this.head(sessionId); page.length > 0; page = await this.head(sessionId)) {
      // Asked after reading. A replay resumes the session before it appends, so what it has appended is never buried here.
      const [failed] = await this.sessions.failedAmong([sessionId]);
      if (!failed) return;
      await this.bury(sessionId, page, failed.failure ?? SESSION_FAILED);
    }
  }

  /** Buries everything, and deletes what else the session's deliveries have left in Redis. */
  async ofDeleted(sessionId: string, deleted?: DeletedSession): Promise<void> {
    for (let page = await this.head(sessionId); page.length > 0; page = await this.head(sessionId))
      await this.bury(sessionId, page, SESSION_DELETED, deleted);
    await this.inbox.dropIfEmpty(sessionId);
    await this.history.clear(sessionId);
  }

  /** Buries what was put there before `time`, in ms since 1970. @returns since when the first of the rest has waited; null if nothing is left */
  async putBefore(sessionId: string, time: number, reason: DeathReason): Promise<number | null> {
    for (;;) {
      const page = await this.head(sessionId);
      const firstToStay = page.findIndex((delivery) => putAt(delivery) >= time);
      const dying = firstToStay === -1 ? page : page.slice(0, firstToStay);
      await this.bury(sessionId, dying, reason);
      const stays = page[dying.length];
      if (stays) return putAt(stays);
      if (page.length === 0) return null;
    }
  }

  /** Since when the first delivery has waited, in ms since 1970; null if none waits. */
  async waitsSince(sessionId: string): Promise<number | null> {
    const [first] = await this.inbox.list(sessionId, 1);
    return first ? putAt(first) : null;
  }

  private head(sessionId: string): Promise<WaitingDelivery[]> {
    return this.inbox.list(sessionId, DELIVERIES_AT_A_TIME);
  }

  private bury(
    sessionId: string,
    waiting: readonly WaitingDelivery[],
    reason: DeathReason,
    deleted?: DeletedSession,
  ): Promise<void> {
    const dying = waiting.map(({ item, timesSent }) => ({ sessionId, item, attempts: timesSent, cursor: item.cursor }));
    return this.buryDeliveries.run(dying, reason, deleted);
  }
}

/** An inbox is a stream, so a cursor begins with the time at which the delivery was appended. */
function putAt({ item: { cursor } }: WaitingDelivery): number {
  return Number(cursor.split('-')[0]);
}
