import { spawn } from 'node:child_process';
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
