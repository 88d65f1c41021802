import { ProblemCode } from '@pizzapi/protocol';
import { conflict, type ProblemError } from '../../../platform/http/problem.error.js';

/** @param advice what to do about it, as sentences */
export function runnerRemoved(advice: string): ProblemError {
  return conflict(ProblemCode.runnerRemoved, `The runner of this session was removed. ${advice}`);
}
