import { mkdir, open, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { randomUUID } from 'node:crypto';
import { CURRENT_SESSION_VERSION, type SessionEntry, SessionManager } from '@earendil-works/pi-coding-agent';
import type { ForkPoint } from '@pizzapi/protocol';
import { SessionFileMissingError } from '../errors/agent-error.js';
import { checkSessionFile } from './check-session-file.js';
import { FORK_ENTRY, readForkedEntries } from './forked-entries.js';
import { lockSessionFile, SessionFileLostError, type SessionLock } from './session-lock.js';
import { findSessionFile, newSessionPath } from './session-path.js';

export interface SessionFileOptions {
  sessionId: string;
  /** A real path. */
  cwd: string;
  /** pi's `sessions` folder. */
  sessionsDir: string;
  /** The file must exist. Without it a missing file is made; one that exists is used, so a repeated start is harmless. */
  mustExist: boolean;
  /** A file that is made begins with what this session says. */
  forkOf?: ForkPoint | undefined;
}

/** A session's file, locked for this process. */
export interface SessionFile {
  path: string;
  manager: SessionManager;
  isNew: boolean;
  /** Everything appended so far survives a power cut once this resolves. */
  sync(): Promise<void>;
  /** Another process has taken the file, and this one has seen it: it writes nothing there any more. */
  readonly isLost: boolean;
  /** Called once, at the moment in which this process sees that. */
  onLost: () => void;
  /** For what should not begin without the file; whatever is appended is checked anyway. @throws SessionFileLostError */
  requireHeld(): void;
  release(): void;
}

/**
 * Opens, or makes, a session's file.
 *
 * The header is written here, with the session's own id, before pi opens the file: a file that pi creates itself gets
 * another id and stays empty until the model first answers, so a kill before that would lose the prompt.
 *
 * @throws SessionFileMissingError, SessionFileLockedError, SessionFileCorruptError; of a fork also ForkSourceMissingError, ForkSourceDamagedError, EntryUnknownError
 */
export async function openSessionFile(options: SessionFileOptions): Promise<SessionFile> {
  const found = await findSessionFile(options.sessionsDir, options.sessionId);
  if (!found && options.mustExist) throw new SessionFileMissingError(options.sessionId, options.sessionsDir);
  const path = found ?? (await writeBeginning(options));
  const lock = await lockSessionFile(path);
  try {
    await checkSessionFile(path, options.sessionId);
    const manager = SessionManager.open(path, dirname(path), options.cwd);
    const file = new LockedSessionFile(path, manager, !found, lock);
    checkBeforeAppending(manager, () => file.requireHeld());
    return file;
  } catch (error) {
    lock.release();
    throw error;
  }
}

class LockedSessionFile implements SessionFile {
  isLost = false;
  onLost = (): void => undefined;
  readonly #lock: SessionLock;

  constructor(
    readonly path: string,
    readonly manager: SessionManager,
    readonly isNew: boolean,
    lock: SessionLock,
  ) {
    this.#lock = lock;
  }

  sync(): Promise<void> {
    return syncFile(this.path);
  }

  requireHeld(): void {
    // It stays lost, even if the other process is done with it: what this one knows of the file is outdated.
    if (this.isLost) throw new SessionFileLostError(this.path);
    try {
      this.#lock.requireHeld();
    } catch (error) {
      if (!(error instanceof SessionFileLostError)) throw error;
      this.isLost = true;
      this.onLost();
      throw error;
    }
  }

  release(): void {
    this.#lock.release();
  }
}

/** pi appends all its entries by this one method. It is private, so it may be another one in a later version. */
function checkBeforeAppending(manager: SessionManager, check: () => void): void {
  const append: unknown = Reflect.get(manager, '_appendEntry');
  if (typeof append !== 'function') throw new Error('This version of pi does not append its entries by _appendEntry.');
  const checked = (entry: SessionEntry): void => {
    // First, so that an entry that is not in the file is not in memory, either.
    check();
    Reflect.apply(append, manager, [entry]);
  };
  Object.defineProperty(manager, '_appendEntry', { value: checked });
}

async function writeBeginning({ sessionId, cwd, sessionsDir, forkOf }: SessionFileOptions): Promise<string> {
  const startedAt = new Date();
  const source = forkOf && (await readForkedEntries(sessionsDir, forkOf));
  const path = newSessionPath(sessionsDir, cwd, sessionId, startedAt);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const header = {
    type: 'session',
    version: CURRENT_SESSION_VERSION,
    id: sessionId,
    timestamp: startedAt.toISOString(),
    cwd,
    ...(source && { parentSession: source.path }),
  };
  const entries = source ? [...source.entries, forkMark(source.entries, forkOf, startedAt)] : [];
  const lines = [header, ...entries].map((line) => `${JSON.stringify(line)}\n`);
  // Renamed into place, so that no file without a whole beginning is ever found.
  await writeFile(`${path}.new`, lines, { mode: 0o600 });
  await rename(`${path}.new`, path);
  // A file that is synced later would be of no use if its name were lost with the power.
  await syncFolder(dirname(path));
  return path;
}

function forkMark(entries: readonly SessionEntry[], data: ForkPoint | undefined, at: Date): SessionEntry {
  const parentId = entries.at(-1)?.id ?? null;
  return { type: 'custom', id: randomUUID(), parentId, timestamp: at.toISOString(), customType: FORK_ENTRY, data };
}

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}
