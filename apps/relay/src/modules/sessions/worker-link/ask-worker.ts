import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  type AgentCommand,
  type AgentFindFiles,
  type AgentReadOutput,
  FoundFiles,
  Namespace,
  OutputPiece,
  ProblemCode,
  type RelayToAgent,
} from '@pizzapi/protocol';
import { type Static, type TSchema, Type } from 'typebox';
import { conflict, type ProblemError } from '../../../platform/http/problem.error.js';
import { Ask, NoAnswerError } from '../../../platform/sockets/ask.js';
import { type Holder, Presence } from '../../../platform/sockets/presence.js';
import { SocketServer } from '../../../platform/sockets/socket-server.js';
import type { SessionEntity } from '../session.entity.js';
import { sessionEnded } from '../session-ended.js';
import { isOpen } from '../session-status.js';
import { WakeSession } from '../spawning/wake-session.js';

const TIMEOUT_MS = 10_000;
/** A worker starts within a second or two, but takes longer on a busy machine. */
const WAKES_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 100;
const Done = Type.Object({});

type AskedSession = Pick<SessionEntity, 'sessionId' | 'status' | 'activity'>;

/** Sends commands and questions to a session's worker, whichever replica it is attached to. */
@Injectable()
export class AskWorker {
  constructor(
    private readonly ask: Ask,
    private readonly presence: Presence,
    private readonly sockets: SocketServer,
    private readonly wake: WakeSession,
  ) {}

  async isAttached(sessionId: string): Promise<boolean> {
    return (await this.presence.holderOf('agents', sessionId)) !== null;
  }

  /**
   * Sends a command. The worker of a paused session is brought back first.
   * @throws ProblemError `session_ended`, `session_disconnected`, or what the worker refused with
   */
  async run(session: AskedSession, command: AgentCommand): Promise<void> {
    // Nothing is running that could be aborted.
    if (isOpen(session.status) && session.activity === 'paused' && command.command === 'abort') return;
    await this.question(session, 'agent:command', command, Done);
  }

  /** Files of its working folder, for a person who is about to name one. @throws as {@link run} */
  async findFiles(session: AskedSession, request: AgentFindFiles): Promise<FoundFiles> {
    const { files, truncated } = await this.question(session, 'agent:find-files', request, FoundFiles);
    return { files, truncated };
  }

  /** A piece of what a tool put out. @throws as {@link run} */
  async readOutput(session: AskedSession, request: AgentReadOutput): Promise<OutputPiece> {
    const { text, next, bytes } = await this.question(session, 'agent:read-output', request, OutputPiece);
    // It would go on for ever.
    if (next !== null && next <= request.from) throw disconnected();
    return { text, next, bytes };
  }

  private async question<S extends TSchema>(
    { sessionId, status, activity }: AskedSession,
    message: keyof RelayToAgent,
    data: object,
    answer: S,
  ): Promise<Static<S>> {
    if (!isOpen(status)) throw sessionEnded(status, 'resume it first');
    const present = await this.presence.holderOf('agents', sessionId);
    const holder = present ?? (activity === 'paused' ? await this.woken(sessionId) : null);
    if (!holder) throw disconnected();
    try {
      return await this.ask.client(holder, {
        namespace: Namespace.agent,
        message,
        data,
        answer,
        timeoutMs: TIMEOUT_MS,
      });
    } catch (error) {
      if (error instanceof NoAnswerError) throw disconnected();
      throw error;
    }
  }

  private async woken(sessionId: string): Promise<Holder | null> {
    await this.wake.run(sessionId);
    for (const end = performance.now() + WAKES_WITHIN_MS; performance.now() < end; await pause(LOOK_EVERY_MS)) {
      const holder = await this.presence.holderOf('agents', sessionId);
      if (holder) return holder;
    }
    return null;
  }

  /** Does nothing for a worker that is not attached; its daemon will tell it. */
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
