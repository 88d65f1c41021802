import { Injectable } from '@nestjs/common';
import { SessionStatus } from '@pizzapi/protocol';
import { Database } from '../../../platform/database/database.js';
import { Queues } from '../../../platform/queues/queues.js';
import { SharedClock } from '../../../platform/redis/shared-clock.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import { changeSession } from '../change-session.js';
import { ListenerSessionsRepository } from './listener-sessions.repository.js';

/** Sessions that wait until their listener has room for them. They are pending and listed, but their runner has no order yet. */
@Injectable()
export class HeldSessions {
  constructor(
    private readonly database: Database,
    private readonly sessions: ListenerSessionsRepository,
    private readonly queues: Queues,
    private readonly bus: EventBus,
    private readonly clock: SharedClock,
  ) {}

  /** The listeners that have such sessions. */
  listeners(): Promise<string[]> {
    return this.sessions.withHeld();
  }

  /** The listeners that started these sessions. */
  startersOf(sessionIds: readonly string[]): Promise<Set<string>> {
    return this.sessions.startersOf(sessionIds);
  }

  /**
   * Orders as many of a listener's waiting sessions as there is room for, the earliest trigger first.
   * @param maxConcurrent null: there is always room
   */
  async admit(listenerId: string, maxConcurrent: number | null): Promise<void> {
    const admitted = await this.database.write(async (transaction) => {
      await this.sessions.takeTurn(transaction, listenerId);
      const room =
        maxConcurrent === null
          ? Number.MAX_SAFE_INTEGER
          : maxConcurrent - (await this.sessions.countAtWork(transaction, listenerId));
      const sessionIds = room > 0 ? await this.sessions.firstHeld(transaction, listenerId, Math.min(room, BATCH)) : [];
      for (const sessionId of sessionIds)
        await changeSession(transaction, sessionId, ({ status, isHeld }) =>
          status === SessionStatus.pending && isHeld ? { isHeld: false, waitsSince: this.clock.now() } : null,
        );
      return sessionIds;
    });
    // A crash here leaves pending sessions without orders, which `PendingSessions` finds.
    for (const sessionId of admitted) {
      await this.queues.add('spawn-session', `${sessionId}.admitted`, { sessionId });
      await this.bus.publish('session.changed', { sessionId });
    }
  }
}

/** How many sessions a transaction should touch at most; the next sweep takes more. */
const BATCH = 500;
