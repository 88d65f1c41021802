import { execFile, execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { hasErrorCode, isMissingFile } from '../files/file-error.js';
import { readTextFile } from '../files/private-file.js';
import { shortageOf } from '../files/shortage.js';
import type { ProcessIdentity } from './worker-state.js';

/** The environment variable that marks a session's processes. While one runs besides the worker, the session is not at rest. */
export const SESSION_MARK = 'PIZZAPI_SESSION_ID';
/** Marks what ends with a session's worker but does not count as activity, such as MCP servers: the session may rest meanwhile. */
export const SERVER_MARK = 'PIZZAPI_SERVER_OF_SESSION';

/**
 * When a process started, in the system's own terms; null when there is none. A reused pid has another value.
 * @throws where the system does not say, as without a descriptor to spare: that is no sign of the process's end
 */
export function processStartedAt(pid: number): string | null {
  if (process.platform !== 'linux') return startedAtByPs(pid);
  const stat = readProc(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name, in brackets, may hold spaces; the state comes first after it, the start time as the twentieth.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const isZombie = fields[0] === 'Z' || fields[0] === 'X';
  return isZombie ? null : (fields[19] ?? null);
}

/** The resident memory of a process in MB; null when the process is gone, or the system does not say. */
export async function residentMb(pid: number): Promise<number | null> {
  if (process.platform !== 'linux') return residentMbByPs(pid);
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(statusOf(pid))?.[1];
  return kilobytes ? Number(kilobytes) / 1_024 : null;
}

/** @throws as {@link processStartedAt} */
export function isAlive(identity: ProcessIdentity): boolean {
  return processStartedAt(identity.pid) === identity.startedAt;
}

/** Identifies this boot of the machine: a process of another boot cannot run any more. */
export function bootId(): string {
  return readTextFile('/proc/sys/kernel/random/boot_id')?.trim() ?? 'unknown';
}

/**
 * Every process with the session's mark in its environment: the worker and whatever its agent started, also what left
 * the worker's process group. Only Linux shows it; elsewhere the list is empty.
 */
export function processesOfSession(sessionId: string): ProcessIdentity[] {
  return markedProcesses([`${SESSION_MARK}=${sessionId}`]);
}

/** As {@link processesOfSession}, and what serves the session without being its agent's own, such as MCP servers. */
export function leftoversOf(sessionId: string): ProcessIdentity[] {
  return markedProcesses([`${SESSION_MARK}=${sessionId}`, `${SERVER_MARK}=${sessionId}`]);
}

function markedProcesses(marks: readonly string[]): ProcessIdentity[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
    .filter((pid) =>
      readProc(`/proc/${pid}/environ`)
        ?.split('\0')
        .some((entry) => marks.includes(entry)),
    )
    .flatMap((pid) => {
      const startedAt = processStartedAt(pid);
      return startedAt === null ? [] : [{ pid, startedAt }];
    });
}

/** Ends a process that leads a group, and whatever else is in the group. */
export function killGroup(leaderPid: number): void {
  try {
    process.kill(-leaderPid, 'SIGKILL');
  } catch (error) {
    if (!hasErrorCode(error, 'ESRCH') && !hasErrorCode(error, 'EPERM')) throw error;
  }
}

/** Signals a process if it still is the one that was meant. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if (!hasErrorCode(error, 'ESRCH')) throw error;
  }
}

/** Empty where the system does not say, whatever the reason. Read at once: it is no file on a disk. */
function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

/** Null for a process that is gone, or another user's. */
function readProc(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissingFile(error) || hasErrorCode(error, 'ESRCH')) return null;
    if (hasErrorCode(error, 'EACCES') || hasErrorCode(error, 'EPERM')) return null;
    throw error;
  }
}

function startedAtByPs(pid: number): string | null {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch (error) {
    if (shortageOf(error) !== null) throw error;
    return null; // ps exits with 1 when there is no such process
  }
}

async function residentMbByPs(pid: number): Promise<number | null> {
  const kilobytes = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]).then(
    ({ stdout }) => Number(stdout),
    () => NaN, // ps exits with 1 when there is no such process
  );
  return Number.isFinite(kilobytes) && kilobytes > 0 ? kilobytes / 1_024 : null;
}
