import { ProblemCode, SessionStatus } from '@pizzapi/protocol';
import { conflict, type ProblemError } from '../../platform/http/problem.error.js';

/** @param advice what to do where it can be resumed: "resume it to go on" */
export function sessionEnded(status: SessionStatus, advice: string): ProblemError {
  const sentence =
    status === SessionStatus.cancelled
      ? 'The session was taken back before it ran and cannot be resumed; start a new one.'
      : `The session is ${status}; ${advice}.`;
  return conflict(ProblemCode.sessionEnded, sentence);
}
