import { ProblemCode } from '@pizzapi/protocol';

/** A refusal with the code and the sentence that the relay passes on as they are. */
export abstract class AgentError extends Error {
  abstract readonly code: ProblemCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

export class SessionFileCorruptError extends AgentError {
  readonly code = ProblemCode.sessionFileCorrupt;

  /** `line` counts from 1. */
  constructor(
    readonly file: string,
    readonly line: number,
    reason: string,
  ) {
    super(`The session file ${file} is damaged at line ${line}: ${reason}. Repair or remove that line, then resume.`);
  }
}

export class SessionFileMissingError extends AgentError {
  readonly code = ProblemCode.sessionFileMissing;

  constructor(sessionId: string, sessionsDir: string) {
    super(`No file of session ${sessionId} is under ${sessionsDir}. It cannot be resumed; start a new session.`);
  }
}

/** The session that another one is to go on from. */
export class ForkSourceMissingError extends AgentError {
  readonly code = ProblemCode.sessionFileMissing;

  constructor(sessionId: string) {
    super(
      `This runner has no file of session ${sessionId}, so it cannot be forked. It may have been deleted; start a new session.`,
    );
  }
}

export class ForkSourceDamagedError extends AgentError {
  readonly code = ProblemCode.sessionFileCorrupt;

  constructor(file: string, entryId: string) {
    super(
      `The session file ${file} lacks the entry ${entryId.slice(0, 60)}, on which what was said later stands, so it cannot be forked. Repair that file, then resume; or start a new session.`,
    );
  }
}

export class SessionFileLockedError extends AgentError {
  readonly code = ProblemCode.sessionFileLocked;

  constructor(file: string, pid: number) {
    super(`The session file ${file} is in use by process ${pid}. Stop that process, then try again.`);
  }
}

export class FolderMissingError extends AgentError {
  readonly code = ProblemCode.folderMissing;

  constructor(folder: string) {
    super(`The folder ${folder} does not exist on this runner. Choose another one, or make it.`);
  }
}

export class ModelUnknownError extends AgentError {
  readonly code = ProblemCode.modelUnknown;

  constructor(provider: string, id: string) {
    super(
      `The model ${provider}/${id} is not set up on this runner. Choose one of its models, or set up its provider.`,
    );
  }
}

export class NoModelConfiguredError extends AgentError {
  readonly code = ProblemCode.noModelConfigured;

  constructor() {
    super('This session has no model. Choose one of the models that the runner offers.');
  }
}

export class ModelSettingsInvalidError extends AgentError {
  readonly code = ProblemCode.noModelConfigured;

  /** @param reason pi's own words, of several lines. */
  constructor(agentDir: string, reason: string) {
    super(
      `The model settings in ${agentDir} cannot be used, so there is no model: ${reason.replace(/\s+/g, ' ').trim()}. Correct them and try again.`,
    );
  }
}

export class InputDeliveredError extends AgentError {
  readonly code = ProblemCode.inputDelivered;

  constructor(inputId: string) {
    super(`The input ${inputId} no longer waits: the agent already has it. Send a new message instead.`);
  }
}

export class NothingToContinueError extends AgentError {
  readonly code = ProblemCode.conflict;

  constructor() {
    super('No interrupted turn and no queued input waits in this session. Send a message instead.');
  }
}

export class SessionClosedError extends AgentError {
  readonly code = ProblemCode.sessionEnded;

  constructor() {
    super('This session is closing and takes nothing more.');
  }
}

export class SessionBusyError extends AgentError {
  readonly code = ProblemCode.sessionBusy;

  constructor() {
    super('The agent is working. Wait for the end of its turn, or abort it, then change the branch.');
  }
}

/** An extension of pi has said no. */
export class BranchRefusedError extends AgentError {
  readonly code = ProblemCode.branchRefused;

  constructor() {
    super('An extension of pi in this session does not let the conversation go there.');
  }
}

export class EntryUnknownError extends AgentError {
  readonly code = ProblemCode.entryUnknown;

  constructor(entryId: string) {
    super(`The session's file has no entry ${entryId.slice(0, 60)}.`);
  }
}

export class NoToolOutputError extends AgentError {
  readonly code = ProblemCode.noToolOutput;

  constructor(entryId: string) {
    super(`The entry ${entryId.slice(0, 60)} is not the result of a tool, so it has no output to read.`);
  }
}

export class NoMessageError extends AgentError {
  readonly code = ProblemCode.entryUnknown;

  constructor(entryId: string) {
    super(`The entry ${entryId.slice(0, 60)} is no message. Go back to before a message of a person or a trigger.`);
  }
}
