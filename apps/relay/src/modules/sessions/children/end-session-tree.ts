import { Injectable } from '@nestjs/common';
import type { SessionStatus } from '@pizzapi/protocol';
import { isOpen } from '../session-status.js';
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
    if (withChildren) await this.stopBelow(session.sessionId);
    return status;
  }

  /** From the bottom: after a crash in between those that are left are still below it. They are stopped before, so that they start no more. */
  async delete(session: SessionEntity, withChildren: boolean): Promise<void> {
    if (withChildren) await this.stop(session, true);
    const below = withChildren ? await this.tree.below(session.sessionId) : [];
    for (const each of [...below.reverse(), session]) await this.deleteSession.run(each);
  }

  /**
   * Until there is no other: one may have started another before it was told. Its worker may take a while to end, but from then on it starts
   * none (`isStopping`), and both are decided under the tree's lock: whatever it started is among those that are read after that.
   */
  private async stopBelow(sessionId: string): Promise<void> {
    const stopped = new Set<string>();
    for (;;) {
      const below = await this.tree.below(sessionId);
      const next = below.filter((each) => isOpen(each.status) && !stopped.has(each.sessionId));
      if (next.length === 0) return;
      for (const each of next) {
        stopped.add(each.sessionId);
        await this.stopSession.run(each);
      }
    }
  }
}
