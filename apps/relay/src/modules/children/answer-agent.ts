import { Injectable } from '@nestjs/common';
import type { AgentChildAnswer, AgentChildRequest } from '@pizzapi/protocol';
import { SessionAccess } from '../sessions/index.js';
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
