import { Injectable } from '@nestjs/common';
import type { SessionView } from '@pizzapi/protocol';
import { Presence } from '../../platform/sockets/presence.js';
import { EventLog } from './event-log/index.js';
import { isOpen } from './session-status.js';
import { type SessionViewer, SessionViewers } from './session-viewers.js';
import { modelOf, type SessionEntity } from './session.entity.js';
import { SessionRepository } from './session.repository.js';

/** Sessions as REST and the hub show them: the row, and what is live in Redis. */
@Injectable()
export class SessionViews {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly presence: Presence,
    private readonly log: EventLog,
    private readonly viewers: SessionViewers,
  ) {}

  async forOne(session: SessionEntity): Promise<SessionView> {
    const [view] = await this.forMany([session]);
    if (!view) throw new Error('A session has no view.');
    return view;
  }

  /** In the given order. All look-ups are issued together, so that a page costs a few round trips, not some for each session. */
  async forMany(sessions: readonly SessionEntity[]): Promise<SessionView[]> {
    const ids = sessions.map(({ sessionId }) => sessionId);
    const [attached, lastSeqs, viewers] = await Promise.all([
      this.presence.holdersOf('agents', ids),
      Promise.all(ids.map((id) => this.log.lastSeq(id))),
      Promise.all(ids.map((id) => this.viewers.of(id))),
    ]);
    return sessions.map((session, at) =>
      viewOf(session, {
        isConnected: attached.has(session.sessionId),
        // If Redis has lost the log, it starts again from where the transcript ends.
        lastEventSeq: Math.max(lastSeqs[at] ?? 0, session.transcribedSeq),
        viewers: viewers[at] ?? [],
      }),
    );
  }

  /** Those of them that exist. */
  async byIds(sessionIds: readonly string[]): Promise<SessionView[]> {
    return this.forMany(await this.sessions.findMany(sessionIds));
  }
}

interface LiveFacts {
  isConnected: boolean;
  lastEventSeq: number;
  viewers: SessionViewer[];
}

function viewOf(session: SessionEntity, live: LiveFacts): SessionView {
  const {
    sessionId,
    name,
    runnerId,
    cwd,
    status,
    activity,
    isPinned,
    parentSessionId,
    forkedFrom,
    ownerId,
    failure,
    usage,
    sandbox,
  } = session;
  return {
    sessionId,
    name,
    runnerId,
    cwd,
    status,
    activity,
    isPinned,
    parentSessionId,
    forkedFrom,
    ownerId,
    failure,
    usage,
    sandbox,
    // Nobody answers the questions of a session that is over.
    questions: isOpen(status) ? session.questions : null,
    model: modelOf(session),
    listenerId: session.listenerId,
    triggerId: session.triggerId,
    isHeld: session.isHeld,
    createdAt: session.createdAt.toISOString(),
    updatedAt: session.updatedAt.toISOString(),
    ...live,
  };
}
