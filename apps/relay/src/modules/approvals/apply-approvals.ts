import { type SessionEvent, SettledApproval, type WaitingQuestions } from '@pizzapi/protocol';
import { Compile } from 'typebox/compile';
import type { EntityManager } from '../../platform/database/database.js';
import { ApprovalEntity } from './approval.entity.js';

const settledCheck = Compile(SettledApproval);

/**
 * Applies a batch of a session's events to its approvals, in the projector's transaction. May be repeated.
 * @returns the approvals that wait now; undefined if the events change nothing about that
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
      // The event is repeated when the worker restarts or a parent session passes the question on to people.
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
    // The ids are UUIDv7, so they sort by time.
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
  // Restricted to the session, so that a worker cannot change another session's approvals.
  const { affected } = await manager.update(ApprovalEntity, { approvalId, sessionId }, { outcome, settlement });
  // The request event was lost with an event log.
  const request = JSON.stringify({ approvalId, toolCallId, askedAt, deadline, subject });
  if (affected !== 1) await insert(manager, { approvalId, sessionId, request, outcome, settlement });
}

async function insert(manager: EntityManager, row: ApprovalEntity): Promise<void> {
  await manager.createQueryBuilder().insert().into(ApprovalEntity).values(row).orIgnore().execute();
}
