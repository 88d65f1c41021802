import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { expect } from 'vitest';
import type { TestRunner } from './test-runner.js';

const FileLine = Type.Object({
  type: Type.Literal('message'),
  id: Type.String(),
  message: Type.Object({
    role: Type.Union([Type.Literal('user'), Type.Literal('assistant'), Type.Literal('toolResult')]),
  }),
});
const OpenLine = Type.Object({ time: Type.String(), epoch: Type.Number() });

export function sessionFile(runner: TestRunner, sessionId: string): string {
  const [file] = globSync(join(runner.home, 'agent/sessions/*', `*_${sessionId}.jsonl`));
  if (file === undefined) throw new Error(`Session ${sessionId} has no file.`);
  return file;
}

/** Of the messages in a session's file, in their order there. */
export function messageIdsInFile(runner: TestRunner, sessionId: string): string[] {
  const lines: unknown[] = readFileSync(sessionFile(runner, sessionId), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  return lines.flatMap((line) => (Value.Check(FileLine, line) ? line.id : []));
}

interface StartTimes {
  startedAt: number;
  openAt: number;
}

/** When each start of the sessions' workers in their logs began and when its session was open, in the order of the starts. */
export function startTimes(runner: TestRunner, sessionIds: readonly string[]): StartTimes[] {
  return sessionIds
    .flatMap((sessionId) => runner.workerLog(sessionId).split('\n'))
    .filter((line) => line.includes('the session is open'))
    .map((line) => Value.Parse(OpenLine, JSON.parse(line)))
    .map(({ epoch, time }) => ({ startedAt: epoch, openAt: Date.parse(time) }))
    .sort((a, b) => a.startedAt - b.startedAt);
}

export function expectOneAfterAnother(starts: readonly StartTimes[], count: number): void {
  expect(starts).toHaveLength(count);
  // A worker writes its line before it tells the daemon, which then starts the next.
  starts
    .slice(1)
    .forEach(({ startedAt }, at) => expect(startedAt).toBeGreaterThanOrEqual(starts[at]?.openAt ?? Infinity));
}
