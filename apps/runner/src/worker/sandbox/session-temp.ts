import { lstatSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { hasErrorCode } from '../../files/file-error.js';

/** Somebody else made the folder: in a place that all users share, its name can be guessed. */
export class ForeignFolderError extends Error {
  override readonly name = 'ForeignFolderError';

  constructor(path: string) {
    super(`${path} is not this user's own folder. Remove it, then start the session again.`);
  }
}

/**
 * A session's own folder for temporary files. It outlives a worker, because the conversation names files in it. The folders of all of a user's
 * sessions share one parent, in which each session sees only its own.
 */
export class SessionTemp {
  readonly path: string;
  /** The folder of all sessions' folders. */
  readonly parent: string;

  /** @param shared the folder of all users' temporary files */
  constructor(
    sessionId: string,
    readonly shared = realpathSync(tmpdir()),
  ) {
    this.parent = join(shared, `pizzapi-sessions-${userInfo().uid}`);
    this.path = join(this.parent, sessionId);
  }

  /** @throws ForeignFolderError */
  make(): void {
    for (const folder of [this.parent, this.path]) makeOwn(folder);
  }

  /** The session is over. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

function makeOwn(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!hasErrorCode(error, 'EEXIST')) throw error;
    const { uid, mode } = lstatSync(folder);
    const isOwn = uid === process.getuid?.() && (mode & 0o170_077) === 0o040_000;
    if (!isOwn) throw new ForeignFolderError(folder);
  }
}
