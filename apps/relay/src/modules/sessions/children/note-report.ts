import { type ChildTrigger, IdPrefix } from '@pizzapi/protocol';
import { noteForCommit } from '../../../platform/database/commit-notes.js';
import type { Transaction } from '../../../platform/database/database.js';
import { derivedUuid } from '../../../platform/ids/derived-uuid.js';
import type { ChildReportEntity } from './child-report.entity.js';
import { insertReport } from './child-reports.repository.js';

/** A topic for `noteForCommit`, with the ids of parents as keys: a child has something to tell it. */
export const CHILD_REPORTED = 'child-reported';

export interface NewReport {
  /** Identifies the fact among all facts about this child and this parent. */
  fact: string;
  sessionId: string;
  parentSessionId: string;
  type: ChildTrigger;
  payload: Record<string, unknown>;
  /** One line for people. */
  summary: string;
  approvalId?: string;
  ordinal: number;
  /** The parent has caused this itself, and need not be told. */
  isKnown?: boolean;
}

/** The id of the trigger that a report becomes. */
function reportTriggerId({ sessionId, parentSessionId, fact }: Omit<NewReport, 'type' | 'payload'>): string {
  return IdPrefix.trigger + derivedUuid(sessionId, `${sessionId} tells ${parentSessionId}\n${fact}`);
}

/** Records what a child has to tell its parent, in the transaction that records the fact. May be repeated. */
export async function noteReport(transaction: Transaction, report: NewReport): Promise<void> {
  const { sessionId, parentSessionId, type, payload, summary, approvalId = null, ordinal, isKnown = false } = report;
  const now = new Date();
  const row: ChildReportEntity = {
    triggerId: reportTriggerId(report),
    sessionId,
    parentSessionId,
    type,
    payload: JSON.stringify(payload),
    summary: oneLine(summary),
    approvalId,
    ordinal,
    createdAt: now,
    acceptedAt: isKnown ? now : null,
    settledAt: null,
  };
  await insertReport(transaction, row);
  noteForCommit(transaction, CHILD_REPORTED, parentSessionId);
}

const MAX_SUMMARY = 200;

/** Also replaces control characters: PostgreSQL's text cannot hold NUL. */
function oneLine(text: string): string {
  const line = [...text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()];
  return line.length <= MAX_SUMMARY ? line.join('') : `${line.slice(0, MAX_SUMMARY - 1).join('')}…`;
}
