import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../setup/paths.mjs';
import { readReport } from './report.mjs';
import { withEnding } from './run-suite.mjs';

const folder = mkdtempSync(join(tmpdir(), 'pizzapi-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

const report = (testResults: unknown): string => {
  const file = join(folder, 'report.json');
  writeFileSync(file, JSON.stringify({ testResults }));
  return file;
};
const tests = (...statuses: string[]): object[] =>
  statuses.map((status, at) => ({
    status,
    fullName: `test ${at}`,
    failureMessages: status === 'failed' ? ['AssertionError: 1 is not 2\n    at a.spec.ts'] : [],
  }));
const name = join(root, 'libs/a.spec.ts');

describe('readReport', () => {
  it('counts tests, not files, and names what failed', () => {
    const file = report([
      { name, status: 'passed', assertionResults: tests('passed', 'passed', 'pending') },
      { name, status: 'failed', assertionResults: tests('failed', 'passed') },
    ]);
    expect(readReport(file)).toEqual({
      passed: 3,
      failed: 1,
      skipped: 1,
      failures: ['libs/a.spec.ts > test 0: AssertionError: 1 is not 2'],
    });
  });

  it('counts a file that could not be loaded as a failure', () => {
    const file = report([{ name, status: 'failed', message: 'Cannot find module', assertionResults: [] }]);
    expect(readReport(file)).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
      failures: ['libs/a.spec.ts: Cannot find module'],
    });
  });

  it('has nothing to count when the suite wrote no report', () => {
    expect(readReport(join(folder, 'missing.json'))).toEqual({ passed: 0, failed: 0, skipped: 0, failures: [] });
  });
});

describe('withEnding', () => {
  const passed = { passed: 3, failed: 0, skipped: 0, failures: [] };

  it('believes the report when the exit code agrees', () => {
    expect(withEnding(passed, { code: 0, isTimedOut: false, left: [] })).toEqual(passed);
    expect(withEnding({ ...passed, failed: 2 }, { code: 1, isTimedOut: false, left: [] }).failed).toBe(2);
  });

  it('counts a crash and a lack of time as one failure', () => {
    const crashed = withEnding(passed, { code: 139, isTimedOut: false, left: [] });
    expect(crashed).toMatchObject({ failed: 1, failures: ['ended with code 139 and no failed test'] });
    const late = withEnding(passed, { code: 1, isTimedOut: true, left: [] });
    expect(late).toMatchObject({ failed: 1, failures: ['ended: took twice its budget'] });
  });
});
