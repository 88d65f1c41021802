import { SessionStatus } from '@pizzapi/protocol';

/** What may move a session from one status to another. */
export type StatusFact =
  /** A worker runs it. */
  | 'started'
  /** It could not be started, or its worker crashed too often. */
  | 'failed'
  /** Its worker has finished. */
  | 'ended'
  /** Withdrawn before it ran. */
  | 'withdrawn'
  /** Requested again. */
  | 'resumed';

const { pending, active, ended, failed, cancelled } = SessionStatus;

const transitions: Record<SessionStatus, Partial<Record<StatusFact, SessionStatus>>> = {
  // No "ended": a daemon that reconnects reports the end of an earlier run again, which says nothing about the one that is pending.
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

/** Whether a worker runs the session, or may yet do so. */
export function isOpen(status: SessionStatus): boolean {
  return status === pending || status === active;
}
