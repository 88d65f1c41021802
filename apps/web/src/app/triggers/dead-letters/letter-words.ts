import type { DeadLetterView } from '@pizzapi/protocol';
import { withDirectionsShown } from '../../ui/direction-signs';

const REASONS = new Map<string, string>([
  ['session_failed', 'its session failed'],
  ['spawn_expired', 'its runner was away too long'],
  ['runner_removed', 'its runner was removed'],
  ['delivery_expired', 'its session was away too long'],
  ['session_deleted', 'its session was deleted'],
  ['listener_gone', 'its listener was removed'],
  ['fan_out_failed', 'it could not be handed over'],
  ['malformed_message', 'no relay could read it'],
  ['worker_crashed', 'its session crashed'],
  ['worker_start_failed', 'its session could not start'],
  ['folder_missing', 'the folder is missing'],
]);

/** Reasons that mean a removal on purpose, and those that mean a wait in vain. All others, including those of a newer relay, are faults. */
const GONE = new Set(['session_deleted', 'listener_gone', 'runner_removed']);
const AWAY = new Set(['spawn_expired', 'delivery_expired']);

/** No recipient is left. */
const FINAL_REASONS = new Set(['session_deleted', 'listener_gone']);

/** Why, in a few words; the relay's own sentence stands in the detail. */
export function reasonWords({ reason }: Pick<DeadLetterView, 'reason'>): string {
  return REASONS.get(reason.code) ?? reason.code.replaceAll('_', ' ');
}

/** Its severity: a fault to fix, a wait that took too long, or a recipient that is gone for good. */
export function reasonKind({ reason }: Pick<DeadLetterView, 'reason'>): 'broken' | 'away' | 'gone' {
  if (GONE.has(reason.code)) return 'gone';
  return AWAY.has(reason.code) ? 'away' : 'broken';
}

/** What died: a trigger by its summary or type, a message by its words. */
export function letterTitle({ kind, summary, type, payload }: DeadLetterView): string {
  if (kind === 'input') return typeof payload === 'string' ? payload : 'A message';
  return withDirectionsShown(summary ?? type ?? 'A trigger');
}

export function letterSession({ sessionName, sessionId }: Pick<DeadLetterView, 'sessionName' | 'sessionId'>): string {
  // An entry that could not be read may have been for anything.
  if (sessionId === '') return 'an unknown session';
  return sessionName?.trim() || `session ${sessionId.slice(0, 8)}`;
}

/** Why a replay would be refused, in the relay's words; null if it may be tried. */
export function replayRefusal({ replayRefusal, reason }: DeadLetterView): string | null {
  // An older relay says so only of those that died of it.
  if (replayRefusal === undefined) return FINAL_REASONS.has(reason.code) ? reason.detail : null;
  return replayRefusal?.detail ?? null;
}

/** Even if it first died of something else. */
export function isSessionDeleted({ replayRefusal, reason }: DeadLetterView): boolean {
  return (replayRefusal ?? reason).code === 'session_deleted';
}

/** Says what a replay of several would leave behind; empty if nothing. */
export function leftBehind(unreplayable: number, chosen: number): string {
  if (unreplayable === 0) return '';
  if (unreplayable < chosen) return `${unreplayable} of them can only be discarded`;
  return chosen === 1 ? 'It can only be discarded' : 'They can only be discarded';
}

/** “1 dead letter”, “3 dead letters”. */
export function letters(count: number): string {
  return `${count} dead ${count === 1 ? 'letter' : 'letters'}`;
}
