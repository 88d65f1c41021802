import { SettledApproval, type ApprovalRequest, type ApprovalSettings } from '@pizzapi/protocol';
import { Value } from 'typebox/value';
import type { EventLog } from './session-fixture.js';
import type { ApprovalPolicy } from '../src/approvals/approval-policy.js';

export const ada = { userId: 'usr_ada', name: 'Ada' };
export const grace = { userId: 'usr_grace', name: 'Grace' };

export function policy(settings: ApprovalSettings): ApprovalPolicy {
  return [{ source: 'config.json', settings }];
}

/** Waits for the session's question of that number; no other one has come after it. */
export async function asked(log: EventLog, count = 1): Promise<ApprovalRequest> {
  await log.until(() => log.of('approval.requested').length === count);
  const request = log.of('approval.requested')[count - 1];
  if (!request) throw new Error('nothing was asked');
  return request;
}

export function settledIn(log: EventLog): SettledApproval[] {
  return log.of('entry.appended').flatMap(({ content }) => (Value.Check(SettledApproval, content) ? [content] : []));
}

/** What the model reads as the result of its call. */
export function resultIn(log: EventLog): string {
  return JSON.stringify(log.of('entry.appended').find(({ kind }) => kind === 'tool')?.content);
}
