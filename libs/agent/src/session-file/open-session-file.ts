import { mkdir, open, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CURRENT_SESSION_VERSION, SessionManager } from '@earendil-works/pi-coding-agent';
import { SessionFileMissingError } from '../errors/agent-error.js';
import { checkSessionFile } from './check-session-file.js';
import { lockSessionFile } from './session-lock.js';
import { findSessionFile, newSessionPath } from './session-path.js';

export interface SessionFileOptions {
  sessionId: string;
  /** A real path. */
  cwd: string;
  /** pi's `sessions` folder. */
  sessionsDir: string;
  /** The file must exist. Without it a missing file is made; one that exists is used, so a repeated start is harmless. */
  mustExist: boolean;
}

/** A session's file, locked for this process. */
export interface SessionFile {
  path: string;
  manager: SessionManager;
  isNew: boolean;
  /** Everything appended so far survives a power cut once this resolves. */
  sync(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Opens, or makes, a session's file.
 *
 * The header is written here, with the session's own id, before pi opens the file: a file that pi creates itself gets
 * another id and stays empty until the model first answers, so a kill before that would lose the prompt.
 *
 * @throws SessionFileMissingError, SessionFileLockedError, SessionFileCorruptError
 */
export async function openSessionFile(options: SessionFileOptions): Promise<SessionFile> {
  const found = await findSessionFile(options.sessionsDir, options.sessionId);
  if (!found && options.mustExist) throw new SessionFileMissingError(options.sessionId, options.sessionsDir);
  const path = found ?? (await writeHeader(options));
  const release = await lockSessionFile(path);
  try {
    await checkSessionFile(path, options.sessionId);
    const manager = SessionManager.open(path, dirname(path), options.cwd);
    return { path, manager, isNew: !found, sync: () => syncFile(path), release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function writeHeader({ sessionId, cwd, sessionsDir }: SessionFileOptions): Promise<string> {
  const startedAt = new Date();
  const path = newSessionPath(sessionsDir, cwd, sessionId, startedAt);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const header = {
    type: 'session',
    version: CURRENT_SESSION_VERSION,
    id: sessionId,
    timestamp: startedAt.toISOString(),
    cwd,
  };
  // Renamed into place, so that no file without a whole header is ever found.
  await writeFile(`${path}.new`, `${JSON.stringify(header)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return path;
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}
