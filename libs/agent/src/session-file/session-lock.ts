import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { lock as lockFolder } from 'proper-lockfile';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { SessionFileLockedError } from '../errors/agent-error.js';

const Owner = Type.Object({ pid: Type.Integer({ minimum: 1 }), startedAt: Type.String() });

/** Another process has taken the session's file: this one must not go on writing there. */
export class SessionFileLostError extends Error {
  override readonly name = 'SessionFileLostError';

  constructor(file: string) {
    super(`The session file ${file} has been taken over by another process, so this one writes to it no more.`);
  }
}

/** For what is written where nobody could catch that the file is lost. The file tells so itself. */
export function unlessLost(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof SessionFileLostError)) throw error;
  }
}

/**
 * Takes a session's file for this process: pi writes without a lock, so two processes would interleave.
 *
 * The lock names its process and that process's start, so one left behind by kill -9 or a reboot is recognised and
 * taken over at once instead of after a timeout. proper-lockfile only guards the moment of taking it, and is lost to another process where
 * this one sleeps meanwhile, as with the machine; so each step of {@link SessionLock.take} holds without it, too.
 *
 * @throws SessionFileLockedError while a living process holds it.
 */
export async function lockSessionFile(file: string): Promise<SessionLock> {
  const lock = new SessionLock(file);
  const leave = await lockFolder(file, {
    lockfilePath: `${file}.lock-guard`,
    stale: 2_000,
    update: 1_000,
    retries: { retries: 25, minTimeout: 20, maxTimeout: 200 },
    // By default it throws where nobody catches it.
    onCompromised: () => undefined,
  });
  try {
    lock.take();
  } finally {
    await leave().catch(() => undefined); // lost, or it stays behind: in two seconds it holds up nobody any more
  }
  return lock;
}

/** The right of this process to write to a session's file. */
export class SessionLock {
  readonly #file: string;
  readonly #path: string;
  readonly #own = JSON.stringify({ pid: process.pid, startedAt: processStart(process.pid) ?? '' });

  constructor(file: string) {
    this.#file = file;
    this.#path = `${file}.lock`;
  }

  /** @throws SessionFileLockedError */
  take(): void {
    const before = contentOf(this.#path);
    if (before !== null) {
      this.#refuseLiving(before);
      this.#putAside(before);
    }
    if (this.#write()) return;
    this.#refuseLiving(contentOf(this.#path) ?? '');
    throw new Error(`Another process is just taking the session file ${this.#file}. Try again.`);
  }

  /** Cheap: for each time that something is about to be written. @throws SessionFileLostError */
  requireHeld(): void {
    const now = contentOf(this.#path);
    if (now === this.#own) return;
    // Null: somebody has tidied up.
    if (now !== null || !this.#write()) throw new SessionFileLostError(this.#file);
  }

  release(): void {
    if (contentOf(this.#path) === this.#own) rmSync(this.#path, { force: true });
  }

  /** @returns false where another process has been faster */
  #write(): boolean {
    try {
      writeFileSync(this.#path, this.#own, { flag: 'wx' });
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    }
  }

  /** A lock that nobody holds any more. What lies there by now may be another one: this process may have slept since it looked. */
  #putAside(seen: string): void {
    const aside = `${this.#path}.${process.pid}`;
    renameSync(this.#path, aside);
    const found = contentOf(aside) ?? '';
    if (found !== seen) linkSync(aside, this.#path);
    rmSync(aside);
    this.#refuseLiving(found);
  }

  #refuseLiving(lock: string): void {
    const owner = ownerIn(lock);
    if (owner && owner.startedAt === processStart(owner.pid)) throw new SessionFileLockedError(this.#file, owner.pid);
  }
}

function ownerIn(lock: string): { pid: number; startedAt: string } | null {
  try {
    return Value.Parse(Owner, JSON.parse(lock));
  } catch {
    // Half written by a process that died while it wrote: nobody holds it.
    return null;
  }
}

/** When a process began, as the system tells it; null for one that does not run. Tells a reused pid apart. */
function processStart(pid: number): string | null {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, under another user.
    if (!hasCode(error, 'EPERM')) return null;
  }
  const stat = contentOf(`/proc/${pid}/stat`);
  // Field 22, counted after the command's name, which may hold spaces. Systems without /proc go by the pid alone.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'unknown';
}

/** Null where there is no such file. */
function contentOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
