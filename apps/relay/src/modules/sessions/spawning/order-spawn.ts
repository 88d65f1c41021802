import { Injectable } from '@nestjs/common';
import { type ForkPoint, SessionStatus } from '@pizzapi/protocol';
import { type NewOrder, RunnerInbox } from '../../runners/index.js';
import { modelOf, type SessionEntity } from '../session.entity.js';
import { SessionRepository } from '../session.repository.js';

/** The id of a session's spawn order, so that at most one waits at a time. */
export function spawnOrderId(sessionId: string): string {
  return `spawn.${sessionId}`;
}

/** The order, with everything that the daemon needs to start the session. */
export function spawnOrderOf(session: SessionEntity): NewOrder {
  const { sessionId, cwd, isFolderReal, sandboxFrame, name, startedAt } = session;
  const forkOf = forkPointOf(session);
  const model = modelOf(session);
  return {
    order: 'spawn',
    sessionId,
    ...(cwd === '' ? {} : { cwd }),
    ...(isFolderReal && { isFolderReal }),
    ...(sandboxFrame && { frame: sandboxFrame }),
    ...(model === null ? {} : { model }),
    name,
    ...(forkOf && { forkOf }),
    isResume: startedAt !== null,
  };
}

/** Where a fork's worker begins. Null once the fork has a file of its own, or if it takes over nothing. */
function forkPointOf({ forkedFrom, startedAt }: SessionEntity): ForkPoint | null {
  if (forkedFrom === null || forkedFrom.entryId === null || startedAt !== null) return null;
  return { sessionId: forkedFrom.sessionId, entryId: forkedFrom.entryId };
}

/** Puts the order to start a pending session into its runner's inbox. May be repeated: the daemon starts it only once. */
@Injectable()
export class OrderSpawn {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly inbox: RunnerInbox,
  ) {}

  async run(sessionId: string): Promise<void> {
    const session = await this.pending(sessionId);
    if (!session) return;
    const { runnerId } = session;
    await this.inbox.append(runnerId, spawnOrderId(sessionId), spawnOrderOf(session));
    // The session may have been withdrawn while the order was on its way.
    if (!(await this.pending(sessionId))) await this.inbox.withdraw(runnerId, spawnOrderId(sessionId));
  }

  private async pending(sessionId: string): Promise<SessionEntity | null> {
    const session = await this.sessions.find(sessionId);
    return session?.status === SessionStatus.pending && !session.isHeld ? session : null;
  }
}
