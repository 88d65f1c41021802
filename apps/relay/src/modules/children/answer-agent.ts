import { Injectable } from '@nestjs/common';
import { type AgentChildAnswer, type AgentChildRequest, ProblemCode } from '@pizzapi/protocol';
import { conflict, ProblemError } from '../../platform/http/problem.error.js';
import { SessionAccess, type SessionEntity } from '../sessions/index.js';
import { ChildViews } from './child-views.js';
import { EscalateTrigger } from './escalate-trigger.js';
import { RespondToTrigger } from './respond-to-trigger.js';
import { StartChild } from './start-child.js';
import { StopChild } from './stop-child.js';
import { TellChild } from './tell-child.js';

/** What an agent's tools ask for about its children, and its answers to triggers. Each may be repeated. */
@Injectable()
export class AnswerAgent {
  constructor(
    private readonly sessions: SessionAccess,
    private readonly views: ChildViews,
    private readonly start: StartChild,
    private readonly tell: TellChild,
    private readonly stop: StopChild,
    private readonly respond: RespondToTrigger,
    private readonly escalate: EscalateTrigger,
  ) {}

  async run(sessionId: string, message: AgentChildRequest): Promise<AgentChildAnswer> {
    const session = await this.sessions.requireItself(sessionId);
    try {
      return await this.answer(session, message);
    } catch (error) {
      throw CHILDS.has(message.request) && isEnded(error) ? childEnded() : error;
    }
  }

  private async answer(session: SessionEntity, message: AgentChildRequest): Promise<AgentChildAnswer> {
    switch (message.request) {
      case 'spawn':
        return { children: await this.views.of(await this.start.run(session, message)) };
      case 'list':
        return { children: await this.views.ofAll(session) };
      case 'runners':
        return { runners: await this.views.runnersFor(session) };
      case 'tell':
        await this.tell.run(session, message);
        return { children: await this.views.of(message.sessionId) };
      case 'stop':
        await this.stop.run(session, message.sessionId);
        return { children: await this.views.of(message.sessionId) };
      case 'respond':
        await this.respond.run(session, message);
        return {};
      case 'escalate':
        return { escalatedTo: await this.escalate.run(session, message.triggerId, message.reason) };
    }
  }
}

/** Requests to a child, not about the session itself. */
const CHILDS: ReadonlySet<AgentChildRequest['request']> = new Set(['tell', 'respond', 'escalate']);

function isEnded(error: unknown): boolean {
  return error instanceof ProblemError && error.code === ProblemCode.sessionEnded;
}

/** What people are told, to resume it, is nothing that an agent could do. */
function childEnded(): ProblemError {
  return conflict(
    ProblemCode.sessionEnded,
    'That child is over and hears nothing any more. Start another one with spawn_session, with all that it needs to know; only a person can resume the old one.',
  );
}
