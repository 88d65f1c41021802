import { Injectable } from '@nestjs/common';
import { type AgentCommand, Namespace, ProblemCode } from '@pizzapi/protocol';
import { Type } from 'typebox';
import { conflict, type ProblemError } from '../../../platform/http/problem.error.js';
import { Ask, NoAnswerError } from '../../../platform/sockets/ask.js';
import { Presence } from '../../../platform/sockets/presence.js';
import { SocketServer } from '../../../platform/sockets/socket-server.js';
import type { SessionEntity } from '../session.entity.js';
import { isOpen } from '../session-status.js';

const TIMEOUT_MS = 10_000;
const Done = Type.Object({});

/** Commands to a session's worker, on whichever replica it is attached. */
@Injectable()
export class AskWorker {
  constructor(
    private readonly ask: Ask,
    private readonly presence: Presence,
    private readonly sockets: SocketServer,
  ) {}

  async isAttached(sessionId: string): Promise<boolean> {
    return (await this.presence.holderOf('agents', sessionId)) !== null;
  }

  /** @throws ProblemError `session_ended`, `session_disconnected`, or what the worker refused with */
  async run({ sessionId, status }: Pick<SessionEntity, 'sessionId' | 'status'>, command: AgentCommand): Promise<void> {
    if (!isOpen(status)) throw conflict(ProblemCode.sessionEnded, `The session is ${status}; resume it first.`);
    const holder = await this.presence.holderOf('agents', sessionId);
    if (!holder) throw disconnected();
    try {
      await this.ask.client(holder, {
        namespace: Namespace.agent,
        message: 'agent:command',
        data: command,
        answer: Done,
        timeoutMs: TIMEOUT_MS,
      });
    } catch (error) {
      if (error instanceof NoAnswerError) throw disconnected();
      throw error;
    }
  }

  /** A worker that is away hears of it from its daemon. */
  async tellToStop(sessionId: string): Promise<void> {
    const holder = await this.presence.holderOf('agents', sessionId);
    if (holder) this.sockets.of(Namespace.agent).to(holder.socketId).emit('agent:stop', { reason: 'stopped' });
  }
}

function disconnected(): ProblemError {
  return conflict(
    ProblemCode.sessionDisconnected,
    "The session's worker is not connected now; try again when it is back.",
  );
}
