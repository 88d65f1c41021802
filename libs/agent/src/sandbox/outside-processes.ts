import { existsSync } from 'node:fs';
import type { Sandbox } from '@pizzapi/sandbox';

/** The last field is the last number that a process was given, as whoever reads it counts. */
const LAST_PID = /(\d+)\s*$/;

/**
 * Whether a process that a command did not find is one of the machine's, outside of the wall: it exists there, and none behind the wall has had its
 * number so far. A low number is taken for that of a process of the sandbox that has ended.
 */
export async function isOutside(sandbox: Pick<Sandbox, 'readFile'>): Promise<(pid: number) => boolean> {
  const load = await sandbox.readFile('/proc/loadavg', 200).catch(() => null);
  const [, last = ''] = LAST_PID.exec(load?.toString() ?? '') ?? [];
  const lastInside = last === '' ? Infinity : Number(last);
  return (pid) => pid > lastInside && existsSync(`/proc/${pid}`);
}
