import { type SessionEvent, SettledApproval, type WaitingQuestions } from '@pizzapi/protocol';
import { Compile } from 'typebox/compile';
import type { EntityManager } from '../../platform/database/database.js';
import { ApprovalEntity } from './approval.entity.js';

const settledCheck = Compile(SettledApproval);

/**
 * Applies what a run of a session's events says of its approvals, in the projector's transaction. May be repeated.
 * @returns what waits now; undefined: these events say nothing of it
 */
export async function applyApprovals(
  manager: EntityManager,
  sessionId: string,
  events: readonly SessionEvent[],
): Promise<WaitingQuestions | null | undefined> {
  let isChanged = false;
  for (const event of events) {
    if (event.type === 'approval.requested') {
      isChanged = true;
      const { approvalId } = event.data;
      const request = JSON.stringify(event.data);
      await insert(manager, { approvalId, sessionId, request, outcome: null, settlement: null });
      // It comes again when its worker was restarted, or a parent session handed it to people.
      await manager
        .createQueryBuilder()
        .update(ApprovalEntity)
        .set({ request })
        .where('approval_id = :approvalId AND session_id = :sessionId AND outcome IS NULL', { approvalId, sessionId })
        .execute();
    } else if (event.type === 'entry.appended' && settledCheck.Check(event.data.content)) {
      isChanged = true;
      await settle(manager, sessionId, event.data.content, event.seq);
    }
  }
  return isChanged ? waitingIn(manager, sessionId) : undefined;
}

async function waitingIn(manager: EntityManager, sessionId: string): Promise<WaitingQuestions | null> {
  const waiting = await manager
    .createQueryBuilder(ApprovalEntity, 'approval')
    .select('approval.approvalId')
    .where('approval.sessionId = :sessionId AND approval.outcome IS NULL', { sessionId })
    // They begin with their time.
    .orderBy('approval.approvalId', 'DESC')
    .getMany();
  const [latest] = waiting;
  return latest === undefined ? null : { count: waiting.length, latestId: latest.approvalId };
}

async function settle(
  manager: EntityManager,
  sessionId: string,
  approval: SettledApproval,
  seq: number,
): Promise<void> {
  const { approvalId, toolCallId, askedAt, deadline, subject, outcome, role: _role, ...ending } = approval;
  const settlement = { ...ending, seq };
  // By session too: one session's worker has no say about another's.
  const { affected } = await manager.update(ApprovalEntity, { approvalId, sessionId }, { outcome, settlement });
  // The request itself was lost with a log.
  const request = JSON.stringify({ approvalId, toolCallId, askedAt, deadline, subject });
  if (affected !== 1) await insert(manager, { approvalId, sessionId, request, outcome, settlement });
}

async function insert(manager: EntityManager, row: ApprovalEntity): Promise<void> {
  await manager.createQueryBuilder().insert().into(ApprovalEntity).values(row).orIgnore().execute();
}
