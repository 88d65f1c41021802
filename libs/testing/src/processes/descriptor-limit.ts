import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';

/** Runs it while this process can open nothing more, as on a machine with too many open files. On Linux only. */
export async function withoutDescriptors<T>(use: () => T | Promise<T>): Promise<T> {
  // Some are left for the program that lifts the limit again.
  const lift = limitDescriptors(process.pid, 20);
  const taken = openAll();
  try {
    return await use();
  } finally {
    for (const descriptor of taken) closeSync(descriptor);
    lift();
  }
}

/**
 * Lets a process open only so many files more than it has open. On Linux only.
 * @returns what lifts the limit
 */
export function limitDescriptors(pid: number, spare: number): () => void {
  const before = /^Max open files\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1] ?? '';
  setLimit(pid, String(firstBeyond(new Set(readdirSync(`/proc/${pid}/fd`).map(Number)), spare)));
  return () => setLimit(pid, before);
}

/** The limit is for the numbers of descriptors, the lowest of which are given first. */
function firstBeyond(used: ReadonlySet<number>, spare: number): number {
  let number = 0;
  for (let free = 0; used.has(number) || free < spare; number += 1) if (!used.has(number)) free += 1;
  return number;
}

/** The soft limit, which can be raised again. */
function setLimit(pid: number, limit: string): void {
  execFileSync('prlimit', ['--pid', String(pid), `--nofile=${limit}:`]);
}

function openAll(): number[] {
  const descriptors: number[] = [];
  for (;;) {
    try {
      descriptors.push(openSync('/dev/null', 'r'));
    } catch {
      return descriptors; // none is left
    }
  }
}
