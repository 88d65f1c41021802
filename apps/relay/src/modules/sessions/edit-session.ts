import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Database } from '../../platform/database/database.js';
import { notFound } from '../../platform/http/problem.error.js';
import { EventBus } from '../../platform/streams/event-bus.js';
import { changeSession, type SessionChange } from './change-session.js';
import type { SessionEntity } from './session.entity.js';
import { isOpen } from './session-status.js';
import { AskWorker } from './worker-link/ask-worker.js';

/** Changes what a person decides of a session: its name, and whether it is pinned. */
@Injectable()
export class EditSession {
  constructor(
    private readonly database: Database,
    private readonly worker: AskWorker,
    private readonly bus: EventBus,
    private readonly logger: PinoLogger,
  ) {}

  async rename(session: SessionEntity, name: string): Promise<SessionEntity> {
    const renamed = await this.change(session, { name });
    // Its file should say the same; a worker that is away gets the name with its next start.
    if (isOpen(session.status) && (await this.worker.isAttached(session.sessionId))) {
      await this.worker.run(session, { command: 'set-name', name }).catch((error: unknown) => {
        this.logger.warn(
          { err: error, sessionId: session.sessionId },
          'A worker did not take the new name of its session',
        );
      });
    }
    return renamed;
  }

  pin(session: SessionEntity, isPinned: boolean): Promise<SessionEntity> {
    return this.change(session, { isPinned });
  }

  private async change({ sessionId }: SessionEntity, change: SessionChange): Promise<SessionEntity> {
    const result = await this.database.write((manager) => changeSession(manager, sessionId, () => change));
    if (!result) throw notFound('session'); // deleted meanwhile
    if (result.isChanged) await this.bus.publish('session.changed', { sessionId });
    return result.session;
  }
}
