import { ProblemCode } from '@pizzapi/protocol';
import { ProblemError } from '../../platform/http/problem.error.js';

export function entryUnknown(detail = 'The session has no such entry.'): ProblemError {
  return new ProblemError(422, ProblemCode.entryUnknown, detail);
}
