import { Injectable } from '@nestjs/common';
import { ProblemCode, SessionStatus } from '@pizzapi/protocol';
import { conflict, type ProblemError } from '../../../platform/http/problem.error.js';
import { SessionFatesRepository } from '../burying/session-fates.repository.js';
import type { DeadLetterEntity } from '../dead-letter.entity.js';

/** Which dead letters cannot be replayed any more, and what a replay would answer. */
@Injectable()
export class ReplayRefusals {
  constructor(private readonly fates: SessionFatesRepository) {}

  /** By delivery id. A letter whose session has merely ended is not among them, because the session can be resumed. */
  async of(letters: readonly DeadLetterEntity[]): Promise<Map<string, ProblemError>> {
    const fates = await this.fates.of(letters.map(({ sessionId }) => sessionId));
    return new Map(
      letters.flatMap((letter) => {
        const refusal = refusalOf(letter, fates.get(letter.sessionId)?.status);
        return refusal ? [[letter.deliveryId, refusal] as const] : [];
      }),
    );
  }
}

function refusalOf(letter: DeadLetterEntity, status: SessionStatus | undefined): ProblemError | null {
  if (isGone(letter)) return gone();
  if (status === undefined) return isRun(letter) ? null : sessionDeleted();
  return status === SessionStatus.cancelled ? over(status) : null;
}

/** Whether a listener ran out of attempts to start its session for this trigger. */
export function isRun({ listenerId, triggerId, reason }: DeadLetterEntity): boolean {
  return reason.code === ProblemCode.fanOutFailed && listenerId !== null && triggerId !== null;
}

export function isGone({ reason }: DeadLetterEntity): boolean {
  return reason.code === ProblemCode.listenerGone;
}

export function gone(): ProblemError {
  return conflict(
    ProblemCode.listenerGone,
    'The listener that would start a session for it was removed; fire the trigger again, or discard this.',
  );
}

export function sessionDeleted(): ProblemError {
  return conflict(ProblemCode.sessionDeleted, 'Its session was deleted, so it can only be discarded.');
}

export function over(status: SessionStatus): ProblemError {
  const detail =
    status === SessionStatus.cancelled
      ? 'Its session was cancelled before it ran and cannot be started any more; discard this, or fire the trigger again.'
      : `Its session is ${status}; resume it, then replay this.`;
  return conflict(ProblemCode.sessionEnded, detail);
}
