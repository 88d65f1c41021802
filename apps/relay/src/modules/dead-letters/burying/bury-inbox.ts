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

  /** All of it, as long as the session is failed. */
  async ofFailed(sessionId: string): Promise<void> {
    for (let page = await this.head(sessionId); page.length > 0; page = await this.head(sessionId)) {
      // Asked after reading: a replay resumes the session before it appends, so what it appended is never taken for what was there before.
      const [failed] = await this.sessions.failedAmong([sessionId]);
      if (!failed) return;
      await this.bury(sessionId, page, failed.failure ?? SESSION_FAILED);
    }
  }

  /** And what else the session has left in Redis of its deliveries. */
  async ofDeleted(sessionId: string, deleted?: DeletedSession): Promise<void> {
    for (let page = await this.head(sessionId); page.length > 0; page = await this.head(sessionId))
      await this.bury(sessionId, page, SESSION_DELETED, deleted);
    await this.inbox.dropIfEmpty(sessionId);
    await this.history.clear(sessionId);
  }

  /** What was put there before `time`. @returns since when the first of the rest waits, or null when nothing is left */
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

  /** Since when the first delivery waits, or null when none does. */
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

/** An inbox is a stream: the cursor of what waits begins with the time at which it was put there. */
function putAt({ item: { cursor } }: WaitingDelivery): number {
  return Number(cursor.split('-')[0]);
}
