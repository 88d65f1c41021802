import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readReport } from './report.mjs';
import { withEnding } from './run-suite.mjs';

const folder = mkdtempSync(join(tmpdir(), 'pizzapi-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

const report = (testResults: unknown): string => {
  const file = join(folder, 'report.json');
  writeFileSync(file, JSON.stringify({ testResults }));
  return file;
};
const tests = (...statuses: string[]): { status: string }[] => statuses.map((status) => ({ status }));

describe('readReport', () => {
  it('counts tests, not files', () => {
    const file = report([
      { status: 'passed', assertionResults: tests('passed', 'passed', 'pending') },
      { status: 'failed', assertionResults: tests('failed', 'passed') },
    ]);
    expect(readReport(file)).toEqual({ passed: 3, failed: 1, skipped: 1 });
  });

  it('counts a file that could not be loaded as a failure', () => {
    expect(readReport(report([{ status: 'failed', assertionResults: [] }]))).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
    });
  });

  it('has nothing to count when the suite wrote no report', () => {
    expect(readReport(join(folder, 'missing.json'))).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });
});

describe('withEnding', () => {
  const passed = { passed: 3, failed: 0, skipped: 0 };

  it('believes the report when the exit code agrees', () => {
    expect(withEnding(passed, { code: 0, isTimedOut: false, left: 0 })).toEqual(passed);
    expect(withEnding({ ...passed, failed: 2 }, { code: 1, isTimedOut: false, left: 0 }).failed).toBe(2);
  });

  it('counts a crash and a lack of time as one failure', () => {
    expect(withEnding(passed, { code: 1, isTimedOut: false, left: 0 }).failed).toBe(1);
    expect(withEnding(passed, { code: 1, isTimedOut: true, left: 0 }).failed).toBe(1);
  });
});
