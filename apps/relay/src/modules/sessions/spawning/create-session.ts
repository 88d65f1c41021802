import { Injectable } from '@nestjs/common';
import { type Attachment, IdPrefix, type ModelRef, type SandboxFrame } from '@pizzapi/protocol';
import { Replicas } from '../../../platform/redis/replicas.js';
import { type FirstMessage, SendAttachments } from '../../attachments/index.js';
import type { Caller } from '../../auth/index.js';
import { type NewDelivery, SessionInbox } from '../../deliveries/index.js';
import { CheckFolder, RunnerAccess, type RunnerEntity } from '../../runners/index.js';
import { ChildLimits } from '../children/child-limits.js';
import { frameBelow } from '../children/frame-below.js';
import { nameFrom } from '../session-name.js';
import type { SessionEntity } from '../session.entity.js';
import { SessionRepository } from '../session.repository.js';
import { StartSession } from './start-session.js';

export interface SessionRequest {
  runnerId: string;
  cwd?: string | undefined;
  isFolderReal?: boolean | undefined;
  /** With a parent: how that is confined, according to its own worker. */
  frame?: SandboxFrame | undefined;
  prompt?: string | undefined;
  model?: ModelRef | undefined;
  name?: string | undefined;
  /** Ids of files that the caller uploaded for it. */
  attachments?: readonly string[] | undefined;
}

/** Who starts a session and writes its prompt: a person, or an agent on behalf of its session's owner. */
export interface SessionStarter extends Pick<Caller, 'userId' | 'organisationId' | 'name'> {
  fromSessionId?: string;
}

/** Accepts a new session, which from then on is listed and waits for its runner. */
@Injectable()
export class CreateSession {
  constructor(
    private readonly runners: RunnerAccess,
    private readonly checkFolder: CheckFolder,
    private readonly sessions: SessionRepository,
    private readonly inbox: SessionInbox,
    private readonly startSession: StartSession,
    private readonly limits: ChildLimits,
    private readonly attachments: SendAttachments,
    private readonly replicas: Replicas,
  ) {}

  /**
   * The same id again creates nothing new, and completes what a crash may have left half done.
   * @param parent the session that starts it as a child
   * @throws ProblemError `not_found`, `folder_outside_roots`, `folder_missing`; below a parent also `session_ended`, `child_depth_exceeded`, `too_many_children`
   */
  async run(
    caller: SessionStarter,
    sessionId: string,
    request: SessionRequest,
    parent: SessionEntity | null = null,
  ): Promise<void> {
    const runner = await this.runners.require(request.runnerId, caller);
    const { runnerId } = runner;
    const { prompt, name, cwd, isFolderReal = false, model } = request;
    if (cwd !== undefined) await this.requireFolder(runner, cwd, sessionId);
    const first = { ownerId: caller.userId, sessionId, messageId: IdPrefix.input + sessionId };
    const attachments = await this.attachments.find(first, request.attachments ?? []);
    try {
      await this.startSession.run(
        {
          sessionId,
          runnerId,
          ownerId: caller.userId,
          organisationId: caller.organisationId,
          name: name ?? nameFrom(prompt?.trim() ? prompt : attachments[0]?.name),
          cwd: cwd ?? null,
          isFolderReal,
          sandboxFrame: parent && frameBelow(parent, runnerId, request.frame),
          model: model ?? null,
          firstItem: promptItem(caller, first, prompt, attachments),
          startedBy: null,
          parent,
        },
        parent ? this.limits.allow(parent, sessionId) : undefined,
        (transaction) => this.attachments.give(transaction, first, attachments),
      );
    } catch (error) {
      // Nobody else creates a session with this id, so nobody needs its inbox.
      if (!(await this.sessions.find(sessionId))) await this.inbox.delete(sessionId);
      throw error;
    }
    await this.replicas.confirm();
  }

  private async requireFolder(runner: RunnerEntity, cwd: string, sessionId: string): Promise<void> {
    try {
      await this.checkFolder.run(runner, cwd);
    } catch (error) {
      // A repeated call is answered like the first one, whatever the runner's roots are by now.
      if (!(await this.sessions.find(sessionId))) throw error;
    }
  }
}

function promptItem(
  caller: SessionStarter,
  { messageId }: FirstMessage,
  text = '',
  attachments: readonly Attachment[],
): NewDelivery | null {
  if (text.trim() === '' && attachments.length === 0) return null;
  return {
    deliveryId: messageId,
    kind: 'input',
    deliverAs: 'prompt',
    ts: new Date().toISOString(),
    text,
    authorId: caller.userId,
    authorName: caller.name,
    ...(attachments.length > 0 && { attachments: [...attachments] }),
    ...(caller.fromSessionId === undefined ? {} : { fromSessionId: caller.fromSessionId }),
  };
}
