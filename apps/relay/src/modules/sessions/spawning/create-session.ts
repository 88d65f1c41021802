import { Injectable } from '@nestjs/common';
import { IdPrefix, type ModelRef, SessionStatus } from '@pizzapi/protocol';
import { Queues } from '../../../platform/queues/queues.js';
import { Replicas } from '../../../platform/redis/replicas.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import type { Caller } from '../../auth/index.js';
import { RunnerAccess } from '../../runners/index.js';
import { SessionInbox } from '../../deliveries/index.js';
import { nameFrom } from '../session-name.js';
import { SessionRepository } from '../session.repository.js';

export interface SessionRequest {
  runnerId: string;
  cwd?: string | undefined;
  prompt?: string | undefined;
  model?: ModelRef | undefined;
  name?: string | undefined;
}

/** Accepts a session: from here on it waits for its runner, visibly, however long that takes. */
@Injectable()
export class CreateSession {
  constructor(
    private readonly runners: RunnerAccess,
    private readonly sessions: SessionRepository,
    private readonly inbox: SessionInbox,
    private readonly queues: Queues,
    private readonly bus: EventBus,
    private readonly replicas: Replicas,
  ) {}

  /** With the same id again it makes nothing new, and completes what a crash may have left half done. */
  async run(caller: Caller, sessionId: string, request: SessionRequest): Promise<void> {
    const runner = await this.runners.require(request.runnerId, caller);
    if (!(await this.sessions.find(sessionId))) {
      // Before the row: a session must not start without its prompt.
      await this.appendPrompt(caller, sessionId, request.prompt);
      await this.insert(caller, sessionId, request);
    }
    await this.queues.add('spawn-session', sessionId, { sessionId });
    await this.replicas.confirm();
    await this.bus.publish('session.changed', { sessionId });
    await this.bus.publish('runner.changed', { runnerId: runner.runnerId });
  }

  private async appendPrompt(caller: Caller, sessionId: string, text = ''): Promise<void> {
    if (text.trim() === '') return;
    await this.inbox.append(sessionId, {
      deliveryId: IdPrefix.input + sessionId,
      kind: 'input',
      deliverAs: 'prompt',
      ts: new Date().toISOString(),
      text,
      authorId: caller.userId,
      authorName: caller.name,
    });
  }

  private async insert(
    caller: Caller,
    sessionId: string,
    { runnerId, cwd, prompt, model, name }: SessionRequest,
  ): Promise<void> {
    const now = new Date();
    try {
      await this.sessions.insert({
        sessionId,
        organisationId: caller.organisationId,
        ownerId: caller.userId,
        runnerId,
        parentSessionId: null,
        name: name ?? nameFrom(prompt),
        cwd: cwd ?? '',
        modelProvider: model?.provider ?? null,
        modelId: model?.id ?? null,
        status: SessionStatus.pending,
        activity: null,
        failure: null,
        usage: null,
        isPinned: false,
        transcribedSeq: 0,
        openItems: {},
        isInterrupted: false,
        startedAt: null,
        spawnedSeq: 0,
        listenerId: null,
        triggerId: null,
        isHeld: false,
        maxWaitMs: null,
        waitsSince: now,
        createdAt: now,
        updatedAt: now,
      });
    } catch (error) {
      await this.inbox.delete(sessionId);
      throw error;
    }
  }
}
