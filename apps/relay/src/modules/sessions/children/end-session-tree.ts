import { Injectable } from '@nestjs/common';
import type { SessionStatus } from '@pizzapi/protocol';
import { isOpen } from '../session-status.js';
import type { SessionEntity } from '../session.entity.js';
import { DeleteSession } from '../spawning/delete-session.js';
import { StopSession } from '../spawning/stop-session.js';
import { SessionTreeRepository } from './session-tree.repository.js';

/** Stops or deletes a session, on request together with all sessions below it. */
@Injectable()
export class EndSessionTree {
  constructor(
    private readonly tree: SessionTreeRepository,
    private readonly stopSession: StopSession,
    private readonly deleteSession: DeleteSession,
  ) {}

  /** From the top down, so that no parent reacts to the end of a child. @returns the status of the session itself */
  async stop(session: SessionEntity, withChildren: boolean): Promise<SessionStatus | null> {
    const status = await this.stopSession.run(session);
    if (withChildren) await this.stopBelow(session.sessionId);
    return status;
  }

  /** From the bottom up: after a crash in between, the rest is still below it. All are stopped first, so that they start no more children. */
  async delete(session: SessionEntity, withChildren: boolean): Promise<void> {
    if (withChildren) await this.stop(session, true);
    const below = withChildren ? await this.tree.below(session.sessionId) : [];
    for (const each of [...below.reverse(), session]) await this.deleteSession.run(each);
  }

  /**
   * Repeats until there is none left, because one may have started another before it was told to stop. From then on it starts none
   * (`isStopping`), even if its worker takes a while to end. Both are decided under the tree's lock, so whatever it has started is found by
   * the next reading.
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
