import { Injectable } from '@nestjs/common';
import { type AgentRegister, type AgentRegistered, ProblemCode } from '@pizzapi/protocol';
import { Database } from '../../../platform/database/database.js';
import { conflict, notFound, ProblemError } from '../../../platform/http/problem.error.js';
import { type Holder, Presence } from '../../../platform/sockets/presence.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import { EventLog } from '../event-log/index.js';
import { changeSession } from '../change-session.js';
import { SessionRepository } from '../session.repository.js';
import { isOpen, nextStatus } from '../session-status.js';
import { LastTranscribed } from './last-transcribed.js';

export interface RegisteredWorker {
  opened: AgentRegistered;
  /** The connection that held the session before, dead or alive. */
  before: Holder | null;
}

/** Registers a worker, if its session is open and no newer worker has registered, and tells it where the log ends. */
@Injectable()
export class RegisterWorker {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionRepository,
    private readonly log: EventLog,
    private readonly lastTranscribed: LastTranscribed,
    private readonly presence: Presence,
    private readonly bus: EventBus,
  ) {
    presence.whenLost('agents', async (sessionIds) => {
      for (const sessionId of sessionIds) await bus.publish('session.changed', { sessionId });
    });
  }

  async run(
    sessionId: string,
    { epoch, nextSeq, sessionId: claimed }: AgentRegister,
    socketId: string,
  ): Promise<RegisteredWorker> {
    if (claimed !== sessionId) throw new ProblemError(403, ProblemCode.forbidden, 'The token is for another session.');
    const session = await this.sessions.find(sessionId);
    if (!session) throw notFound('session');
    if (!isOpen(session.status)) {
      throw conflict(ProblemCode.sessionEnded, `The session is ${session.status}; this worker must exit.`);
    }
    const opened = await this.log.open(sessionId, epoch, nextSeq, await this.lastTranscribed.of(session));
    const before = await this.presence.claim('agents', sessionId, socketId);
    if (session.status === 'pending') await this.activate(sessionId);
    // An earlier relay may have crashed between appending events and publishing that.
    await this.bus.publish('session.entries-appended', { sessionId, lastSeq: opened.lastSeq });
    await this.bus.publish('session.changed', { sessionId });
    return { opened, before };
  }

  async release(sessionId: string, socketId: string): Promise<void> {
    if (await this.presence.release('agents', sessionId, socketId))
      await this.bus.publish('session.changed', { sessionId });
  }

  private async activate(sessionId: string): Promise<void> {
    await this.database.write((manager) =>
      changeSession(manager, sessionId, ({ status, startedAt }) => {
        const next = nextStatus(status, 'started', startedAt !== null);
        return next === null ? null : { status: next, failure: null };
      }),
    );
  }
}
