import type { SessionEntry, SessionManager } from '@earendil-works/pi-coding-agent';
import { ApprovalRequest, SettledApproval } from '@pizzapi/protocol';
import { Value } from 'typebox/value';

/** Custom entries of pi's file: pi keeps them and shows none of them to the model. */
export const ApprovalEntry = {
  /** A person is asked: an {@link ApprovalRequest}. */
  requested: 'approval-requested',
  /** How it ended: a {@link SettledApproval}. */
  settled: 'approval',
} as const;

/** The settled approval in an entry, or null. */
export function settledIn(entry: SessionEntry): SettledApproval | null {
  if (entry.type !== 'custom' || entry.customType !== ApprovalEntry.settled) return null;
  return Value.Check(SettledApproval, entry.data) ? entry.data : null;
}

/** What the file says is asked and was never settled: a worker ended in between. */
export function unsettledIn(manager: SessionManager): ApprovalRequest[] {
  const open = new Map<string, ApprovalRequest>();
  for (const entry of manager.getEntries()) {
    if (entry.type !== 'custom') continue;
    const { customType, data } = entry;
    if (customType === ApprovalEntry.requested && Value.Check(ApprovalRequest, data)) open.set(data.approvalId, data);
    const settled = settledIn(entry);
    if (settled) open.delete(settled.approvalId);
  }
  return [...open.values()];
}

/** What was settled since the model's last message. */
export function answeredIn(manager: SessionManager): SettledApproval[] {
  const entries = manager.getEntries();
  const at = entries.findLastIndex((entry) => entry.type === 'message' && entry.message.role === 'assistant');
  return entries.slice(at + 1).flatMap((entry) => settledIn(entry) ?? []);
}
