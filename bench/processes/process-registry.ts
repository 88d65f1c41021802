import { readFileSync, writeFileSync } from 'node:fs';

const living = new Set<number>();

/** Whatever ends this process, what it has started does not outlive it. */
export function remember(pid: number): void {
  living.add(pid);
}

export function forget(pid: number): void {
  living.delete(pid);
}

/** False when there is no such process. */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/** Resident memory of a process in bytes. */
export function residentBytes(pid: number): number {
  return memoryOf(pid, 'VmRSS');
}

/** The most that it had at any moment since it began, or since `forgetPeak`. */
export function peakResidentBytes(pid: number): number {
  return memoryOf(pid, 'VmHWM');
}

export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const line = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? NaN) * 1024;
}

/** Processor time that a process has used since it began, in seconds (Linux counts in hundredths). */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // After the name in brackets, which may hold anything: utime and stime are the 12th and 13th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

export function endAll(): void {
  for (const pid of living) signal(pid, 'SIGKILL');
  living.clear();
}

process.on('exit', endAll);
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(130));
