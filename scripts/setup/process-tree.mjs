import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { isNoSuchProcess } from './run-command.mjs';

/** Marks everything that one start has started, however far it moved from its parent. */
export const START_MARK = '_PIZZAPI_START';

/**
 * Every process with the mark: a worker outlives its daemon, a Redis its relay, and neither is then anyone's child.
 * Where there is no /proc, the descendants of this process.
 * @param {string} mark
 * @returns {number[]}
 */
export function markedProcesses(mark) {
  if (!existsSync('/proc/self/environ')) return descendants(process.pid);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => environmentOf(pid).includes(`${START_MARK}=${mark}\0`))
    .map(Number);
}

/** @param {readonly number[]} pids */
export function killAll(pids) {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (!isNoSuchProcess(error)) throw error;
    }
  }
}

/**
 * For messages.
 * @param {number} pid
 */
export function commandLine(pid) {
  const line = readProc(pid, 'cmdline').replaceAll('\0', ' ').trim().slice(0, 120);
  return `${line || 'unknown'} (process ${pid})`;
}

/** @param {string} pid */
const environmentOf = (pid) => readProc(pid, 'environ');

/**
 * @param {string | number} pid
 * @param {string} name
 */
function readProc(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    // Another user's, or gone by now.
    return '';
  }
}

/**
 * @param {number} ancestor
 * @returns {number[]}
 */
function descendants(ancestor) {
  const rows = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).stdout.trim().split('\n');
  const parents = new Map(rows.map((row) => /** @type {[number, number]} */ (row.trim().split(/\s+/).map(Number))));
  const isBelow = (/** @type {number} */ pid) => {
    for (let at = parents.get(pid); at !== undefined && at > 1; at = parents.get(at)) if (at === ancestor) return true;
    return false;
  };
  return [...parents.keys()].filter(isBelow);
}
