import type { ApprovalRequest, ApprovalView, SettledApproval } from '@pizzapi/protocol';
import { has, isListOf, isRecord } from '../shape';

/** A question to a person, waiting or settled; of a kind that this console can show. */
export function isApprovalRequest(value: unknown): value is ApprovalRequest {
  return has(value, 'approvalId', 'toolCallId', 'askedAt', 'deadline') && isSubject(value['subject']);
}

/** A notice of the transcript that tells how a question ended. */
export function isSettledApproval(value: unknown): value is SettledApproval {
  return isApprovalRequest(value) && has(value, 'role', 'outcome', 'settledAt') && value.role === 'approval';
}

/** The same in the list of a session; without an outcome it waits. */
export function isApprovalView(value: unknown): value is ApprovalView {
  return (
    isApprovalRequest(value) &&
    has(value, 'sessionId') &&
    (value['outcome'] === null || has(value, 'outcome', 'settledAt'))
  );
}

function isSubject(value: unknown): boolean {
  if (!isRecord(value)) return false;
  if (value['kind'] === 'tool') return has(value, 'toolName') && has(value['rule'], 'tool', 'source');
  if (value['kind'] === 'consent')
    return (
      has(value, 'thing', 'name', 'path', 'content') &&
      isListOf(value['abilities'], (ability) => typeof ability === 'string')
    );
  return (
    value['kind'] === 'question' &&
    has(value, 'question') &&
    (value['server'] === undefined || has(value['server'], 'name', 'message')) &&
    isListOf(value['options'], (option) => has(option, 'label'))
  );
}
