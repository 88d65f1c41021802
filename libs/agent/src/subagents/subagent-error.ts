import { ProblemCode } from '@pizzapi/protocol';
import { AgentError } from '../errors/agent-error.js';

export class AgentFileInvalidError extends AgentError {
  readonly code = ProblemCode.agentFileInvalid;

  /** @param detail what is wrong with it, without a full stop */
  constructor(
    readonly path: string,
    readonly detail: string,
  ) {
    super(`The agent's file ${path} cannot be used: ${detail}.`);
  }
}

export class AgentUnknownError extends AgentError {
  readonly code = ProblemCode.agentUnknown;

  constructor(name: string, known: string) {
    super(`There is no agent "${name}". ${known}`);
  }
}

export class AgentNotTrustedError extends AgentError {
  readonly code = ProblemCode.agentNotTrusted;

  /** @param reason a sentence: who said no, or that nobody answered */
  constructor(name: string, path: string, reason: string) {
    super(`The project's agent "${name}" (${path}) may not be used: ${reason} Do the task without it.`);
  }
}

/** The call asks for what there is not, or not so. */
export class SubagentRefusedError extends AgentError {
  readonly code = ProblemCode.subagentRefused;
}

/** The model failed, or gave no answer. */
export class SubagentFailedError extends AgentError {
  readonly code = ProblemCode.subagentFailed;
}

export class SubagentDiedError extends AgentError {
  readonly code = ProblemCode.subagentDied;

  /** @param how such as "it was killed by SIGKILL" */
  constructor(how: string, lastWords: string) {
    super(`The subagent's process ended before its answer: ${how}.${lastWords === '' ? '' : ` It said: ${lastWords}`}`);
  }
}

export class SubagentTimedOutError extends AgentError {
  readonly code = ProblemCode.subagentTimedOut;

  constructor(limitMs: number) {
    super(
      `The subagent had no answer within ${Math.round(limitMs / 1_000)} s and was ended. Give it a smaller task, or raise "subagents.timeoutMs".`,
    );
  }
}

export class SubagentAbortedError extends AgentError {
  readonly code = ProblemCode.subagentAborted;

  constructor() {
    super('The subagent was stopped with the turn.');
  }
}
