/** An error of the sandbox: `code` is stable, the message says what to do. */
export abstract class SandboxError extends Error {
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Settings demand at least a mode that cannot be enforced on this machine. */
export class SandboxFloorError extends SandboxError {
  readonly code = 'sandbox_unavailable';

  constructor(floor: string, detail: string) {
    super(
      `This session has to run in a sandbox of mode "${floor}" at least, and this machine cannot give it one: ${detail} ` +
        'Mend that, or lower "floor" in the sandbox settings that demand it. (A session that another one has started has to be confined as that is.)',
    );
  }
}

/** Whether this machine can keep a wall is not known: as long as that is so, nothing may run without one. */
export class SandboxUncheckedError extends SandboxError {
  readonly code = 'sandbox_unchecked';

  constructor(reason: string) {
    super(
      `Whether this machine can keep a sandbox could not be found out: it has too much to do (${reason}). ` +
        'Nothing runs before that is known. End something on it, or try again.',
    );
  }
}

/** A session or subagent is to work in a place of secrets: its folder would open them. */
export class SecretFolderError extends SandboxError {
  readonly code = 'folder_secret';

  constructor(folder: string, rule: 'denied' | 'secrets') {
    super(
      rule === 'denied'
        ? `No session's tools may work in ${folder}: the sandbox settings deny it, or it belongs to PizzaPi itself. Choose another folder.`
        : `No session's tools may work in ${folder}, because it lies where secrets are kept. Choose another folder, or name it under ` +
            '"readable" in the field "sandbox" of the user\'s config.json.',
    );
  }
}

/** A session's folder is not where it was: another one lies, or is linked, in its place. */
export class MovedFolderError extends SandboxError {
  readonly code = 'folder_missing';

  constructor(folder: string, leadsTo: string) {
    super(
      `The folder ${folder} leads to ${leadsTo} now. A session works in the folder that it was started for, and in no other.`,
    );
  }
}

/** The process in which the session's tools run could not be started. */
export class SandboxStartError extends SandboxError {
  readonly code = 'sandbox_start_failed';

  constructor(reason: string) {
    super(`The sandbox of this session did not start, so the tool did not run: ${reason}`);
  }
}

/** The process in which the session's tools run has ended under a call. The next call has a new one. */
export class SandboxHelperEndedError extends SandboxError {
  readonly code = 'sandbox_helper_ended';

  constructor(how: string) {
    super(
      `The process in which this session's tools run has ended (${how}), and this call with it: what it has done so far may be ` +
        'incomplete. The next call gets a new process; what commands left running in the background is gone.',
    );
  }
}

/** What the operating system said about a file, of a call in the sandbox. `code` is the system's, such as ENOENT. */
export class SandboxFileError extends Error {
  override readonly name = 'SandboxFileError';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
