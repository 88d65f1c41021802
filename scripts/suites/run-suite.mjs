import { mkdtempSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { nodeBinary, root, toolEnvironment } from '../setup/paths.mjs';
import { commandLine, killAll, markedProcesses, START_MARK } from '../setup/process-tree.mjs';
import { readReport } from './report.mjs';

/**
 * @typedef {{passed: number, failed: number, skipped: number, failures: string[]}} Counts
 * @typedef {Counts & {name: string, tookMs: number, budgetS: number, note: string}} Outcome
 */

/**
 * Runs one suite in the terminal. It gets no standard input and a home of its own; what it leaves running is ended.
 * @param {import('./suites.mjs').Suite} suite
 * @returns {Promise<Outcome>}
 */
export async function runSuite({ name, budgetS, command }) {
  const folder = mkdtempSync(join(tmpdir(), `pizzapi-${name}-`));
  const reportFile = join(folder, 'report.json');
  const startedAt = performance.now();
  try {
    const ending = await inTerminal(command(reportFile), { folder, limitMs: budgetS * 2_000 });
    const tookMs = performance.now() - startedAt;
    const counts = withEnding(readReport(reportFile), ending);
    return { name, tookMs, budgetS, ...counts, note: noteOn(tookMs, budgetS, ending) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @typedef {{code: number, isTimedOut: boolean, left: readonly string[]}} Ending left: command lines */

/** What is being ended as the suite ends is not left running. */
const GRACE_MS = 3_000;

/**
 * @param {readonly string[]} args
 * @param {{folder: string, limitMs: number}} options
 * @returns {Promise<Ending>}
 */
function inTerminal(args, { folder, limitMs }) {
  const mark = folder;
  // The home of the person who runs the tests is none of theirs.
  const env = {
    ...toolEnvironment(),
    PIZZAPI_HOME: join(folder, 'home'),
    NG_CLI_ANALYTICS: 'false',
    [START_MARK]: mark,
  };
  return new Promise((settle) => {
    const child = spawn(nodeBinary(), [...args], { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
    let isTimedOut = false;
    const timer = setTimeout(() => ((isTimedOut = true), killAll(markedProcesses(mark))), limitMs);
    child.on('error', () => settle({ code: 127, isTimedOut, left: [] }));
    child.on('close', (code) => {
      clearTimeout(timer);
      settle(endLeft(mark).then((left) => ({ code: code ?? 1, isTimedOut, left })));
    });
  });
}

/** @param {string} mark */
async function endLeft(mark) {
  const until = performance.now() + GRACE_MS;
  while (markedProcesses(mark).length > 0 && performance.now() < until) await pause(50);
  const pids = markedProcesses(mark);
  const left = pids.map(commandLine);
  killAll(pids);
  return left;
}

/**
 * A suite that failed without a failed test (it crashed, or ran out of time) still counts as one failure.
 * @param {Counts} counts
 * @param {Ending} ending
 * @returns {Counts}
 */
export function withEnding(counts, { code, isTimedOut }) {
  const isUnexplained = isTimedOut || (code !== 0 && counts.failed === 0);
  if (!isUnexplained) return counts;
  const why = isTimedOut ? 'ended: took twice its budget' : `ended with code ${code} and no failed test`;
  return { ...counts, failed: counts.failed + 1, failures: [...counts.failures, why] };
}

/**
 * @param {number} tookMs
 * @param {number} budgetS
 * @param {Ending} ending
 */
function noteOn(tookMs, budgetS, { isTimedOut, left }) {
  if (isTimedOut) return 'ENDED: took twice its budget';
  if (tookMs > budgetS * 1_000) return 'OVER ITS BUDGET';
  return left.length > 0 ? `left running: ${left.join(', ')}` : '';
}
