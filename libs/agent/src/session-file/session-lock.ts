import { readFile, rm, writeFile } from 'node:fs/promises';
import { lock as lockFolder } from 'proper-lockfile';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { SessionFileLockedError } from '../errors/agent-error.js';

const Owner = Type.Object({ pid: Type.Integer({ minimum: 1 }), startedAt: Type.String() });

/**
 * Takes a session's file for this process: pi writes without a lock, so two processes would interleave.
 *
 * The lock names its process and that process's start, so one left behind by kill -9 or a reboot is recognised and
 * taken over at once instead of after a timeout. proper-lockfile only guards the moment of taking it.
 *
 * @returns the release.
 * @throws SessionFileLockedError while a living process holds it.
 */
export async function lockSessionFile(file: string): Promise<() => Promise<void>> {
  const lockFile = `${file}.lock`;
  const leave = await lockFolder(file, {
    lockfilePath: `${file}.lock-guard`,
    stale: 2_000,
    update: 1_000,
    retries: { retries: 25, minTimeout: 20, maxTimeout: 200 },
  });
  try {
    const owner = await readOwner(lockFile);
    if (owner && owner.startedAt === (await processStart(owner.pid))) throw new SessionFileLockedError(file, owner.pid);
    await writeFile(lockFile, JSON.stringify({ pid: process.pid, startedAt: (await processStart(process.pid)) ?? '' }));
  } finally {
    await leave();
  }
  return () => rm(lockFile, { force: true });
}

async function readOwner(lockFile: string): Promise<{ pid: number; startedAt: string } | null> {
  const text = await readFile(lockFile, 'utf8').catch(nullIfMissing);
  if (text === null) return null;
  try {
    return Value.Parse(Owner, JSON.parse(text));
  } catch {
    // Half written by a process that died while it wrote: nobody holds it.
    return null;
  }
}

/** When a process began, as the system tells it; null for one that does not run. Tells a reused pid apart. */
async function processStart(pid: number): Promise<string | null> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, under another user.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return null;
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(nullIfMissing);
  // Field 22, counted after the command's name, which may hold spaces. Systems without /proc go by the pid alone.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'unknown';
}

function nullIfMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}
