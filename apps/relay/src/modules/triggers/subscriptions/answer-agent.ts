import { Injectable } from '@nestjs/common';
import type { AgentTriggerAnswer, AgentTriggerRequest } from '@pizzapi/protocol';
import { RunnerAccess } from '../../runners/index.js';
import { SessionAccess } from '../../sessions/index.js';
import { TriggerTypes } from '../types/trigger-types.js';
import { ChangeSubscriptions } from './change-subscriptions.js';
import { Subscribe } from './subscribe.js';

/** Answers the trigger tools of an agent, for its own session. They can do the same as REST. */
@Injectable()
export class AnswerAgent {
  constructor(
    private readonly sessions: SessionAccess,
    private readonly runners: RunnerAccess,
    private readonly types: TriggerTypes,
    private readonly subscribe: Subscribe,
    private readonly change: ChangeSubscriptions,
  ) {}

  async run(sessionId: string, message: AgentTriggerRequest): Promise<AgentTriggerAnswer> {
    const session = await this.sessions.requireItself(sessionId);
    switch (message.request) {
      case 'available':
        return { available: await this.types.available(await this.runners.requireItself(session.runnerId)) };
      case 'list':
        return { subscriptions: await this.change.list(session) };
      case 'subscribe': {
        const { operationId, triggerType, criteria } = message;
        return { subscriptions: [await this.subscribe.run(session, operationId, triggerType, criteria)] };
      }
      case 'update': {
        const { target, criteria, merge = false } = message;
        const subscriptions = merge
          ? await this.change.merge(session, target, criteria)
          : await this.change.replace(session, target, criteria);
        return { updated: subscriptions.length, subscriptions };
      }
      case 'unsubscribe':
        return { removed: await this.change.remove(session, message.target) };
    }
  }
}
