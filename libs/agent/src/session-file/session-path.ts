import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Where pi itself would keep a session begun at `startedAt` in `cwd`, so that its own lists show it. */
export function newSessionPath(sessionsDir: string, cwd: string, sessionId: string, startedAt: Date): string {
  const stamp = startedAt.toISOString().replace(/[:.]/g, '-');
  return join(sessionFolder(sessionsDir, cwd), `${stamp}_${sessionId}.jsonl`);
}

/** pi's folder for the sessions of one working folder. */
export function sessionFolder(sessionsDir: string, cwd: string): string {
  return join(sessionsDir, `--${cwd.replace(/^[/\\]/, '').replace(/[/\\:]/g, '-')}--`);
}

/**
 * Finds a session's file by its id in all of pi's folders, wherever the session was started.
 *
 * @returns its path, or null.
 */
export async function findSessionFile(sessionsDir: string, sessionId: string): Promise<string | null> {
  for (const folder of await namesIn(sessionsDir)) {
    const name = (await namesIn(join(sessionsDir, folder))).find((file) => file.endsWith(`_${sessionId}.jsonl`));
    if (name) return join(sessionsDir, folder, name);
  }
  return null;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return [];
    throw error;
  }
}
