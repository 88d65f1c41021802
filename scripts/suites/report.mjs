import { existsSync, readFileSync } from 'node:fs';

/**
 * Counts the tests of Vitest's JSON report; a test file that could not even be loaded counts as one failure.
 * @param {string} file
 * @returns {import('./run-suite.mjs').Counts}
 */
export function readReport(file) {
  if (!existsSync(file)) return { passed: 0, failed: 0, skipped: 0 };
  const { testResults } = /** @type {{testResults: {status: string, assertionResults: {status: string}[]}[]}} */ (
    JSON.parse(readFileSync(file, 'utf8'))
  );
  const statuses = testResults.flatMap(({ status, assertionResults }) => {
    const tests = assertionResults.map((test) => test.status);
    return status === 'failed' && !tests.includes('failed') ? [...tests, 'failed'] : tests;
  });
  const count = (/** @type {string} */ wanted) => statuses.filter((status) => status === wanted).length;
  const passed = count('passed');
  const failed = count('failed');
  return { passed, failed, skipped: statuses.length - passed - failed };
}
