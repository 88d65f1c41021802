import { Injectable } from '@nestjs/common';
import type { SessionStatus } from '@pizzapi/protocol';
import type { SessionEntity } from '../session.entity.js';
import { DeleteSession } from '../spawning/delete-session.js';
import { StopSession } from '../spawning/stop-session.js';
import { SessionTreeRepository } from './session-tree.repository.js';

/** Ends a session, and those below it where that is asked for. */
@Injectable()
export class EndSessionTree {
  constructor(
    private readonly tree: SessionTreeRepository,
    private readonly stopSession: StopSession,
    private readonly deleteSession: DeleteSession,
  ) {}

  /** From the top, so that no parent is left to wonder about a child. @returns the status of the session itself */
  async stop(session: SessionEntity, withChildren: boolean): Promise<SessionStatus | null> {
    const status = await this.stopSession.run(session);
    if (withChildren) for (const child of await this.tree.below(session.sessionId)) await this.stopSession.run(child);
    return status;
  }

  /** From the bottom: after a crash in between those that are left are still below it. */
  async delete(session: SessionEntity, withChildren: boolean): Promise<void> {
    const below = withChildren ? await this.tree.below(session.sessionId) : [];
    for (const each of [...below.reverse(), session]) await this.deleteSession.run(each);
  }
}
