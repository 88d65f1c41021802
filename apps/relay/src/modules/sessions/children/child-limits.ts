import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { RelayConfig } from '../../../config/config.js';
import type { Transaction } from '../../../platform/database/database.js';
import { lock } from '../../../platform/database/lock.js';
import { conflict, notFound } from '../../../platform/http/problem.error.js';
import { isOpen } from '../session-status.js';
import { SessionEntity } from '../session.entity.js';
import { SessionTreeRepository } from './session-tree.repository.js';

const STARTING = 'Stop children that are done with stop_child, or wait for some.';
const RESUMING = 'Stop one of them first, then resume this one.';

/** Until the transaction ends, nobody else decides about sessions of this tree: two at once must not both find room for the last child. */
export async function lockFamily(
  transaction: Transaction,
  { sessionId, rootSessionId }: Pick<SessionEntity, 'sessionId' | 'rootSessionId'>,
): Promise<void> {
  await lock(transaction, `children of ${rootSessionId ?? sessionId}`);
}

/** Limits how deep sessions may start one another, and how many, so that agents which keep starting children come to an end. */
@Injectable()
export class ChildLimits {
  constructor(
    private readonly config: RelayConfig,
    private readonly tree: SessionTreeRepository,
  ) {}

  /**
   * To be called in the transaction that creates a child. A child that an earlier try of the same call has created counts as allowed.
   * @throws ProblemError `not_found`, `session_ended`, `child_depth_exceeded`, `too_many_children`
   */
  allow(starter: SessionEntity, childId: string): (transaction: Transaction) => Promise<true> {
    const { sessionId, rootSessionId } = starter;
    return async (transaction) => {
      await lockFamily(transaction, starter);
      if (await transaction.existsBy(SessionEntity, { sessionId: childId })) return true;
      const parent = await transaction.findOneBy(SessionEntity, { sessionId });
      if (!parent) throw notFound('session');
      if (!isOpen(parent.status))
        throw conflict(ProblemCode.sessionEnded, `The parent session is ${parent.status}; resume it first.`);
      // Stopping a tree does not look for children that are created later.
      if (parent.isStopping) throw conflict(ProblemCode.sessionEnded, 'The parent session is being stopped.');
      this.checkDepth(parent.depth + 1);
      this.checkNumber(await this.tree.countOpenBelow(transaction, rootSessionId ?? sessionId), STARTING);
      return true;
    };
  }

  /**
   * To be called in the transaction that resumes a child, which counts like a new one.
   * @throws ProblemError `session_ended` while its tree is being stopped, `too_many_children`
   */
  async allowAgain(transaction: Transaction, session: SessionEntity): Promise<void> {
    const { sessionId, rootSessionId } = session;
    if (rootSessionId === null) return;
    await lockFamily(transaction, session);
    for (let id = session.parentSessionId; id !== null;) {
      const above: SessionEntity | null = await transaction.findOneBy(SessionEntity, { sessionId: id });
      if (above?.isStopping) throw conflict(ProblemCode.sessionEnded, 'A session above this one is being stopped.');
      id = above?.parentSessionId ?? null;
    }
    this.checkNumber(await this.tree.countOpenBelow(transaction, rootSessionId, sessionId), RESUMING);
  }

  private checkDepth(depth: number): void {
    const limit = this.config.maxChildDepth;
    if (depth <= limit) return;
    throw conflict(
      ProblemCode.childDepthExceeded,
      limit === 0
        ? 'Sessions may not start children here (PIZZAPI_MAX_CHILD_DEPTH is 0). Do the work in this session.'
        : `This session stands ${limit} below the one at the top, as deep as sessions may (PIZZAPI_MAX_CHILD_DEPTH). Do the work in this session.`,
    );
  }

  private checkNumber(open: number, whatToDo: string): void {
    const limit = this.config.maxChildSessions;
    if (open < limit) return;
    throw conflict(
      ProblemCode.tooManyChildren,
      `${open} sessions are open below the one at the top, as many as may be (PIZZAPI_MAX_CHILD_SESSIONS). ${whatToDo}`,
    );
  }
}
