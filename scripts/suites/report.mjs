import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from '../setup/paths.mjs';

/**
 * @typedef {{status: string, fullName: string, failureMessages?: string[] | undefined}} TestResult
 * @typedef {{name: string, status: string, message?: string | undefined, assertionResults: TestResult[]}} FileResult
 */

/**
 * Counts the tests of Vitest's JSON report, and names those that failed; a test file that could not even be loaded counts as one failure.
 * @param {string} file
 * @returns {import('./run-suite.mjs').Counts}
 */
export function readReport(file) {
  if (!existsSync(file)) return { passed: 0, failed: 0, skipped: 0, failures: [] };
  const { testResults } = /** @type {{testResults: FileResult[]}} */ (JSON.parse(readFileSync(file, 'utf8')));
  const tests = testResults.flatMap((result) => result.assertionResults);
  const failures = testResults.flatMap(failuresOf);
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed').length;
  return { passed, failed: failures.length, skipped, failures };
}

/**
 * @param {FileResult} result
 * @returns {string[]} a line for each
 */
function failuresOf({ name, status, message, assertionResults }) {
  const file = relative(root, name);
  const failed = assertionResults.filter((test) => test.status === 'failed');
  if (status === 'failed' && failed.length === 0) return [`${file}: ${firstLine(message)}`];
  return failed.map((test) => `${file} > ${test.fullName}: ${firstLine(test.failureMessages?.[0])}`);
}

const firstLine = (/** @type {string | undefined} */ text) =>
  (text ?? '').trim().split('\n', 1)[0] || 'no reason given';
