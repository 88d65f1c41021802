import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { stripVTControlCharacters } from 'node:util';
import { Failure } from './failure.mjs';
import { root } from './paths.mjs';

const LAST_LINES = 60;
const ENDING_SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** How to end what runs. A detached group outlives Ctrl+C in the terminal, so it goes with us. @type {Set<() => void>} */
const running = new Set();
const endAll = () => running.forEach((end) => end());
/** Without a listener a signal ends us, and without an `exit`. @param {NodeJS.Signals} signal */
const endBySignal = (signal) => {
  // Whoever else listens decides when to end.
  if (process.listenerCount(signal) > 1) return;
  endAll();
  process.removeListener(signal, endBySignal);
  process.kill(process.pid, signal);
};

/** @param {() => void} end */
function watch(end) {
  if (running.size === 0) {
    process.on('exit', endAll);
    for (const signal of ENDING_SIGNALS) process.on(signal, endBySignal);
  }
  running.add(end);
}

/** @param {() => void} end */
function unwatch(end) {
  running.delete(end);
  if (running.size > 0) return;
  process.removeListener('exit', endAll);
  for (const signal of ENDING_SIGNALS) process.removeListener(signal, endBySignal);
}

/**
 * Runs a command to its end without showing what it prints.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{env?: NodeJS.ProcessEnv, cwd?: string, timeoutMs?: number}} [options]
 * @returns {Promise<{code: number, output: string, isTimedOut: boolean}>} code 127 when the command is unknown
 */
export function run(command, args, { env = process.env, cwd = root, timeoutMs = 0 } = {}) {
  return new Promise((settle) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    if (child.pid !== undefined) keepPriority(child.pid);
    let output = '';
    let isTimedOut = false;
    const killGroup = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch (error) {
        if (!isNoSuchProcess(error)) throw error;
      }
    };
    const timer = timeoutMs > 0 ? setTimeout(() => ((isTimedOut = true), killGroup()), timeoutMs) : undefined;
    watch(killGroup);
    const finish = (/** @type {number} */ code) => {
      clearTimeout(timer);
      unwatch(killGroup);
      settle({ code, output, isTimedOut });
    };
    child.stdout.on('data', (/** @type {Buffer} */ chunk) => (output += chunk.toString()));
    child.stderr.on('data', (/** @type {Buffer} */ chunk) => (output += chunk.toString()));
    child.on('error', (error) => ((output += error.message), finish(127)));
    child.on('close', (code) => finish(code ?? 1));
  });
}

/**
 * Linux may share processors among sessions first, and what we run has one of its own, which is as important as any other: `nice` would
 * count for nothing.
 * @param {number} pid
 */
function keepPriority(pid) {
  const priority = getPriority();
  const file = `/proc/${pid}/autogroup`;
  if (priority <= 0 || !existsSync(file)) return;
  try {
    writeFileSync(file, String(priority));
  } catch {
    return; // It has ended already, or the system takes only so many changes at a time: it is as important as it would have been.
  }
}

/**
 * Runs a command that must succeed.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{env?: NodeJS.ProcessEnv, cwd?: string, failure: string}} options failure: what to say when it does not
 */
export async function mustRun(command, args, { failure, ...options }) {
  const { code, output } = await run(command, args, options);
  if (code !== 0) throw new Failure(failure, lastLines(output));
}

/** @param {string} output */
export const lastLines = (output) => stripVTControlCharacters(output).trimEnd().split('\n').slice(-LAST_LINES);

/** @param {unknown} error */
export const isNoSuchProcess = (error) => error instanceof Error && 'code' in error && error.code === 'ESRCH';
