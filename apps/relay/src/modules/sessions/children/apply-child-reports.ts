import { ChildTrigger, HookNotice, type SessionEvent, type SessionEventData } from '@pizzapi/protocol';
import { Compile } from 'typebox/compile';
import type { Transaction } from '../../../platform/database/database.js';
import type { SessionEntity } from '../session.entity.js';
import { answerBefore, type TranscribedAnswer, turnEndOf } from './child-answer.js';
import { openQuestionsTo, settleQuestion } from './child-reports.repository.js';
import { cut } from './cut.js';
import { type NewReport, noteReport } from './note-report.js';
import { questionReport } from './question-report.js';

/** What is needed from the transcript before an event. */
export interface TranscriptBefore {
  /** The last message of the assistant. */
  lastAnswer(beforeSeq: number): Promise<TranscribedAnswer | null>;
  lastEntryId(beforeSeq: number): Promise<string | null>;
}

/**
 * Records what a session's events mean to its parent, and to itself as a parent, in the projector's transaction. May be repeated.
 * @param session the row as it was before these events
 */
export async function applyChildReports(
  transaction: Transaction,
  session: SessionEntity,
  events: readonly SessionEvent[],
  transcript: TranscriptBefore,
): Promise<void> {
  const { sessionId, parentSessionId } = session;
  for (const event of events) if (event.type === 'turn.interrupted') await askAgain(transaction, sessionId, event.seq);
  const reports = parentSessionId === null ? [] : await reportsOf({ ...session, parentSessionId }, events, transcript);
  for (const report of reports) await noteReport(transaction, report);
  // Also without a parent: questions may have been reported before the parent was deleted.
  for (const approvalId of events.flatMap(settledApprovalIn)) await settleQuestion(transaction, sessionId, approvalId);
}

type Child = Pick<SessionEntity, 'sessionId' | 'name' | 'activity' | 'spawnedSeq' | 'usage'> & {
  parentSessionId: string;
};

async function reportsOf(
  child: Child,
  events: readonly SessionEvent[],
  transcript: TranscriptBefore,
): Promise<NewReport[]> {
  const reports: NewReport[] = [];
  let isAtWork = isWork(child.activity);
  let told = child;
  for (const event of events) {
    if (event.type === 'name.changed') told = { ...told, name: event.data.name };
    if (event.type === 'usage.changed') told = { ...told, usage: event.data.usage };
    const report = reportOf(told, event, isAtWork) ?? (await interruptionReport(told, event, transcript));
    if (report) reports.push(report);
    if (event.type === 'activity.changed' && event.seq > child.spawnedSeq) {
      isAtWork = isWork(event.data.activity);
      if (isAtWork) continue;
    } else if (!isAtWork || !beginsTurn(event)) continue;
    const answer = answerBefore(events, event.seq) ?? (await transcript.lastAnswer(event.seq));
    const turn = answer && turnReport(told, answer, event.seq);
    if (turn) reports.push(turn);
  }
  return reports;
}

function isWork(activity: SessionEntity['activity']): boolean {
  return activity === 'working' || activity === 'waiting';
}

/** Turns may follow one another without a rest in between. What enters in the middle of a turn counts here too, but finds no answer that ends one. */
function beginsTurn(event: SessionEvent): boolean {
  return event.type === 'entry.appended' && (event.data.kind === 'user' || event.data.kind === 'trigger');
}

/** Every worker that opens the session says this again until somebody continues the turn; the parent is told once. */
async function interruptionReport(
  child: Child,
  event: SessionEvent,
  transcript: TranscriptBefore,
): Promise<NewReport | null> {
  if (event.type !== 'turn.interrupted') return null;
  const fact = `interrupted ${(await transcript.lastEntryId(event.seq)) ?? ''}`;
  return { ...errorReport(child, event.seq, 'turn_interrupted', INTERRUPTED), fact };
}

/** The report that an event makes by itself. */
function reportOf(child: Child, event: SessionEvent, isAtWork: boolean): NewReport | null {
  const { seq } = event;
  switch (event.type) {
    case 'approval.requested':
      return questionReport(child, event.data, seq);
    case 'entry.appended':
      return keptReport(child, event.data, seq);
    case 'error.raised':
      // Errors outside of a turn are about extensions and models, not about what the child was asked to do.
      return isAtWork ? errorReport(child, seq, event.data.code, event.data.detail) : null;
    default:
      return null;
  }
}

const keptCheck = Compile(HookNotice);
const BEFORE_A_TURN: ReadonlySet<string> = new Set(['UserPromptSubmit', 'UserPromptExpansion']);

/** A hook blocked what the child was told. Its agent stays idle, so no answer would tell the parent. */
function keptReport(
  child: Child,
  { kind, entryId, content }: SessionEventData<'entry.appended'>,
  seq: number,
): NewReport | null {
  if (kind !== 'notice' || !keptCheck.Check(content) || !BEFORE_A_TURN.has(content.event)) return null;
  const { plugin, outcome, text } = content;
  if (outcome !== 'blocked' && outcome !== 'stopped') return null;
  const detail = `A hook of the plugin ${plugin} kept from its agent what it was told: ${text}`;
  return { ...errorReport(child, seq, 'prompt_blocked', detail), fact: `kept ${entryId}` };
}

const INTERRUPTED =
  'Its worker ended in the middle of a turn. It waits until a person continues it, or until you write to it with tell_child.';

function turnReport(child: Child, answer: TranscribedAnswer, seq: number): NewReport | null {
  const end = turnEndOf(answer);
  if (!end) return null;
  const { sessionId, parentSessionId, name, usage } = child;
  const fact = `turn ${end.entryId}`;
  if (end.kind !== 'completed') return { ...errorReport(child, seq, `turn_${end.kind}`, end.text), fact };
  const payload = { sessionId, name, answer: cut(end.text), costUsd: usage?.costUsd ?? 0 };
  const summary = `${name}: ${end.text === '' ? 'done' : end.text}`;
  return { fact, sessionId, parentSessionId, type: ChildTrigger.completed, payload, summary, ordinal: seq };
}

function errorReport(child: Child, seq: number, code: string, detail: string): NewReport {
  const { sessionId, parentSessionId, name } = child;
  const payload = { sessionId, name, code, detail: cut(detail) };
  const summary = `${name}: ${detail}`;
  return { fact: `event ${seq}`, sessionId, parentSessionId, type: ChildTrigger.error, payload, summary, ordinal: seq };
}

/**
 * The session was cut off in the middle of a turn, perhaps just as it was about to answer a child. A turn that was cut off waits for a
 * person, so the open questions of its children are asked again, which lets it go on.
 */
async function askAgain(transaction: Transaction, parentSessionId: string, seq: number): Promise<void> {
  const open = await openQuestionsTo(transaction, parentSessionId);
  const latest = new Map(open.map((report) => [report.approvalId, report]));
  for (const { sessionId, type, payload, summary, approvalId } of latest.values()) {
    if (approvalId === null) continue;
    const said: unknown = JSON.parse(payload);
    if (isPast(said)) continue;
    const again = { ...(typeof said === 'object' ? said : {}), askedBefore: true };
    const fact = `${approvalId} again, after ${seq}`;
    await noteReport(transaction, {
      fact,
      sessionId,
      parentSessionId,
      type,
      payload: again,
      summary,
      approvalId,
      ordinal: seq,
    });
  }
}

function isPast(payload: unknown): boolean {
  const deadline: unknown = typeof payload === 'object' && payload !== null ? Reflect.get(payload, 'deadline') : null;
  return typeof deadline === 'string' && Date.parse(deadline) <= Date.now();
}

function settledApprovalIn(event: SessionEvent): string[] {
  if (event.type !== 'entry.appended' || event.data.kind !== 'notice') return [];
  const { content } = event.data;
  const id: unknown = typeof content === 'object' && content !== null ? Reflect.get(content, 'approvalId') : undefined;
  return typeof id === 'string' ? [id] : [];
}
