import { existsSync } from 'node:fs';
import type { Sandbox } from '@pizzapi/sandbox';

/** The last field is the last number that a process was given, as whoever reads it counts. */
const LAST_PID = /(\d+)\s*$/;

/**
 * Tells of a process that was not found behind the wall whether it is one of the machine that was meant: it is there, and none behind the wall has had
 * that number so far. What has a low number is taken for one of the sandbox's own that has ended.
 */
export async function isOutside(sandbox: Pick<Sandbox, 'readFile'>): Promise<(pid: number) => boolean> {
  const load = await sandbox.readFile('/proc/loadavg', 200).catch(() => null);
  const [, last = ''] = LAST_PID.exec(load?.toString() ?? '') ?? [];
  const lastInside = last === '' ? Infinity : Number(last);
  return (pid) => pid > lastInside && existsSync(`/proc/${pid}`);
}
