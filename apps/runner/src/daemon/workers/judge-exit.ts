import { ProblemCode, type SessionFailure } from '@pizzapi/protocol';
import type { WorkerOutcome } from '../../worker-state/worker-outcome.file.js';
import type { WorkerState } from '../../worker-state/worker-state.js';

export type ExitVerdict =
  /** The session is over. */
  | { verdict: 'ended' }
  | { verdict: 'failed'; failure: SessionFailure }
  /** Another worker, perhaps of another runner, has the session. */
  | { verdict: 'forget' }
  /** It was at rest for long; an order brings it back. */
  | { verdict: 'paused' }
  /** Nobody's fault: the machine or the runner was stopped. */
  | { verdict: 'start-again' }
  | { verdict: 'crashed' };

/** What it means that a session's worker is gone. `outcome` is what it left behind, if it could. */
export function judgeExit(state: WorkerState, outcome: WorkerOutcome | undefined, currentBootId: string): ExitVerdict {
  if (state.phase === 'stopping') return { verdict: 'ended' };
  switch (outcome?.reason) {
    case 'stopped':
      return { verdict: 'ended' };
    case 'superseded':
      return { verdict: 'forget' };
    case 'shutdown':
      return { verdict: 'start-again' };
    case 'paused':
      return { verdict: 'paused' };
    case 'failed':
      return { verdict: 'failed', failure: outcome.failure ?? unexplained };
    case undefined:
      return { verdict: state.process === null || state.bootId !== currentBootId ? 'start-again' : 'crashed' };
  }
}

const unexplained: SessionFailure = {
  code: ProblemCode.workerStartFailed,
  detail: 'The worker gave up without saying why; its log is in run/logs on the runner.',
};
