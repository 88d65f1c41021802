import { expect, it } from 'vitest';
import type { WorkerOutcome } from '../../worker-state/worker-outcome.file.js';
import type { WorkerState } from '../../worker-state/worker-state.js';
import { judgeExit } from './judge-exit.js';

const state: WorkerState = {
  sessionId: '01890000-0000-7000-8000-000000000001',
  cwd: '/srv',
  isResume: false,
  phase: 'active',
  epoch: 7,
  secretHash: '',
  process: { pid: 99, startedAt: '1' },
  bootId: 'this-boot',
  hasOpened: true,
  restarts: [],
};

function verdict(change: Partial<WorkerState>, reason?: WorkerOutcome['reason']): string {
  return judgeExit({ ...state, ...change }, reason && { epoch: 7, reason }, 'this-boot').verdict;
}

it.each<[string, Partial<WorkerState>, WorkerOutcome['reason'] | undefined]>([
  ['crashed', {}, undefined],
  ['start-again', { bootId: 'last-boot' }, undefined],
  ['start-again', { process: null }, undefined],
  ['start-again', {}, 'shutdown'],
  ['ended', {}, 'stopped'],
  ['ended', { phase: 'stopping' }, undefined],
  ['ended', { phase: 'stopping' }, 'shutdown'],
  ['paused', {}, 'paused'],
  ['ended', { phase: 'stopping' }, 'paused'],
  ['failed', {}, 'failed'],
  ['forget', {}, 'superseded'],
])('says %s of %j that left %s', (expected, change, reason) => {
  expect(verdict(change, reason)).toBe(expected);
});
