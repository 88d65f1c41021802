import { SessionStatus } from '@pizzapi/protocol';

/** What moves a session from one status to the next. */
export type StatusFact =
  /** A worker runs it. */
  | 'started'
  /** It could not be started, or its worker crashed too often. */
  | 'failed'
  /** Its worker has finished. */
  | 'ended'
  /** Taken back before it ran. */
  | 'withdrawn'
  /** Asked for anew. */
  | 'resumed';

const { pending, active, ended, failed, cancelled } = SessionStatus;

const transitions: Record<SessionStatus, Partial<Record<StatusFact, SessionStatus>>> = {
  // No "ended": a daemon that comes back repeats the end of an earlier run, which is not that of the one that is waited for.
  pending: { started: active, failed, withdrawn: cancelled },
  active: { started: active, failed, ended },
  ended: { resumed: pending },
  failed: { resumed: pending },
  cancelled: {},
};

/**
 * The status after a fact; null when the fact does not apply (a worker that starts after its session was ended must stop).
 * @param hasRunBefore A session that has run and is withdrawn while it waits to be resumed goes back to `ended`.
 */
export function nextStatus(status: SessionStatus, fact: StatusFact, hasRunBefore: boolean): SessionStatus | null {
  if (status === pending && fact === 'withdrawn' && hasRunBefore) return ended;
  return transitions[status][fact] ?? null;
}

/** Whether a worker runs it or may yet do so. */
export function isOpen(status: SessionStatus): boolean {
  return status === pending || status === active;
}
