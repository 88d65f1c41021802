import { ProblemCode } from '@pizzapi/protocol';
import { AgentError } from '../errors/agent-error.js';

/** A message's files cannot be had now. The message stays with the relay, which brings it again. */
export class AttachmentsAwayError extends AgentError {
  readonly code = ProblemCode.unavailable;

  constructor(name: string, cause: unknown) {
    super(`The file ${name} could not be fetched from the relay yet.`, { cause });
  }
}
