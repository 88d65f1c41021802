import { ApprovalRequest, type ApprovalView } from '@pizzapi/protocol';
import { Compile } from 'typebox/compile';
import { isOpen, type SessionEntity } from '../sessions/index.js';
import type { ApprovalEntity } from './approval.entity.js';

const requestCheck = Compile(ApprovalRequest);

/** An approval as REST shows it. One that waits in a session that has ended is shown as `closed`. */
export function approvalView(
  { request, outcome, settlement }: ApprovalEntity,
  { sessionId, status, updatedAt }: Pick<SessionEntity, 'sessionId' | 'status' | 'updatedAt'>,
): ApprovalView {
  const view = { sessionId, ...requestOf({ request }) };
  if (outcome === null && !isOpen(status)) {
    const reason = `The session is ${status}.`;
    const settledAt = updatedAt.toISOString();
    return { ...view, outcome: 'closed', settledAt, answeredBy: null, scope: null, text: null, reason, seq: null };
  }
  return {
    ...view,
    outcome,
    settledAt: settlement?.settledAt ?? null,
    answeredBy: settlement?.answeredBy ?? null,
    scope: settlement?.scope ?? null,
    text: settlement?.text ?? null,
    reason: settlement?.reason ?? null,
    seq: settlement?.seq ?? null,
  };
}

/** The request as the worker sent it. */
export function requestOf({ request }: Pick<ApprovalEntity, 'request'>): ApprovalRequest {
  const asked: unknown = JSON.parse(request);
  if (!requestCheck.Check(asked)) throw new Error('The approvals table holds something that is no request.');
  return asked;
}
