import { Injectable } from '@nestjs/common';
import { type ForkOrigin, type ModelRef, type SandboxFrame, SessionStatus } from '@pizzapi/protocol';
import { Database, type Transaction } from '../../../platform/database/database.js';
import { Queues } from '../../../platform/queues/queues.js';
import { SharedClock } from '../../../platform/redis/shared-clock.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import { type NewDelivery, SessionInbox } from '../../deliveries/index.js';
import type { SessionEntity } from '../session.entity.js';
import { SessionRepository } from '../session.repository.js';

/** What a listener specifies for the sessions that it starts. */
export interface StartedByListener {
  listenerId: string;
  triggerId: string;
  triggerOrder: string;
  maxWaitMs: number;
  /** Its runner gets no order until the listener has room for it. */
  isHeld: boolean;
  isMissedRun: boolean;
}

/** The session whose agent starts another one. */
export type StartingParent = Pick<SessionEntity, 'sessionId' | 'rootSessionId' | 'depth'>;

export interface SessionToStart {
  sessionId: string;
  runnerId: string;
  ownerId: string;
  organisationId: string;
  name: string;
  /** Null: the runner's first root. */
  cwd: string | null;
  /** See the field of that name in {@link SessionEntity}. */
  isFolderReal?: boolean;
  /** How tightly it has to be confined at least. */
  sandboxFrame?: SandboxFrame | null;
  model: ModelRef | null;
  /** What its agent is to hear first. */
  firstItem: NewDelivery | null;
  startedBy: StartedByListener | null;
  parent?: StartingParent | null;
  forkedFrom?: ForkOrigin;
}

/** Writes what belongs to a session, in the transaction that creates it. */
export type WithSession = (transaction: Transaction) => Promise<void>;

/** Decides whether the session is created at all, in the transaction that would create it. */
export type StartCondition = (transaction: Transaction) => Promise<boolean>;

/**
 * Creates a session that waits for its runner. The caller chooses the id: the same id again creates nothing new, and completes what a crash
 * may have left half done.
 */
@Injectable()
export class StartSession {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionRepository,
    private readonly inbox: SessionInbox,
    private readonly queues: Queues,
    private readonly bus: EventBus,
    private readonly clock: SharedClock,
  ) {}

  /** @returns whether there is such a session now; false when `condition` refused it */
  async run(session: SessionToStart, condition?: StartCondition, belongings?: WithSession): Promise<boolean> {
    const { sessionId, runnerId } = session;
    const known = await this.sessions.find(sessionId);
    if (!known) {
      // Before the row: a session must not start without what it is started for.
      if (session.firstItem) await this.inbox.append(sessionId, session.firstItem);
      if (!(await this.insert(session, condition, belongings))) return false;
    }
    const isHeld = known ? known.isHeld : session.startedBy?.isHeld;
    if (!isHeld) await this.queues.add('spawn-session', sessionId, { sessionId });
    await this.bus.publish('session.changed', { sessionId });
    await this.bus.publish('runner.changed', { runnerId });
    return true;
  }

  async isMade(sessionId: string): Promise<boolean> {
    return (await this.sessions.find(sessionId)) !== null;
  }

  private insert(session: SessionToStart, condition?: StartCondition, belongings?: WithSession): Promise<boolean> {
    return this.database.write(async (transaction) => {
      if (condition && !(await condition(transaction))) return false;
      await this.sessions.insert(transaction, rowOf(session, this.clock.now()));
      await belongings?.(transaction);
      return true;
    });
  }
}

function rowOf(session: SessionToStart, waitsSince: Date): Omit<SessionEntity, 'searchText'> {
  const { sessionId, runnerId, ownerId, organisationId, name, model, startedBy, parent = null } = session;
  const now = new Date();
  return {
    sessionId,
    organisationId,
    ownerId,
    runnerId,
    ...placeBelow(parent),
    forkedFrom: session.forkedFrom ?? null,
    name,
    ...folderOf(session),
    modelProvider: model?.provider ?? null,
    modelId: model?.id ?? null,
    status: SessionStatus.pending,
    activity: null,
    questions: null,
    failure: null,
    usage: null,
    sandboxFrame: session.sandboxFrame ?? null,
    sandbox: null,
    isPinned: false,
    transcribedSeq: 0,
    branchSeq: 0,
    openItems: {},
    isInterrupted: false,
    isStopping: false,
    startedAt: null,
    spawnedSeq: 0,
    firstTurnAt: null,
    ...(startedBy ?? OF_NOBODY),
    waitsSince: startedBy?.isHeld ? null : waitsSince, // waiting for room is not waiting for the runner
    createdAt: now,
    updatedAt: now,
  };
}

function placeBelow(parent: StartingParent | null): Pick<SessionEntity, 'parentSessionId' | 'rootSessionId' | 'depth'> {
  if (!parent) return { parentSessionId: null, rootSessionId: null, depth: 0 };
  const { sessionId, rootSessionId, depth } = parent;
  return { parentSessionId: sessionId, rootSessionId: rootSessionId ?? sessionId, depth: depth + 1 };
}

function folderOf({ cwd, isFolderReal = false }: SessionToStart): Pick<SessionEntity, 'cwd' | 'isFolderReal'> {
  return { cwd: cwd ?? '', isFolderReal };
}

const OF_NOBODY = {
  listenerId: null,
  triggerId: null,
  triggerOrder: null,
  maxWaitMs: null,
  isHeld: false,
  isMissedRun: false,
};
