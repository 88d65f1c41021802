import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { withoutDescriptors } from '@pizzapi/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isAlive, processStartedAt } from '../../worker-state/process-table.js';
import { WorkerWatch } from './worker-watch.js';

let gone: string[];
let watch: WorkerWatch;
beforeEach(() => {
  gone = [];
  watch = new WorkerWatch((sessionId) => gone.push(sessionId));
});
afterEach(() => watch.close());

it('tells that a process is gone that is not its child', async () => {
  const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
  const { pid = 0 } = child;
  watch.add('session', { pid, startedAt: processStartedAt(pid) ?? '' });
  expect(gone).toEqual([]);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await expect.poll(() => gone).toEqual(['session']);
});

it.skipIf(process.platform !== 'linux')('takes nobody for gone only because it can open no more files', async () => {
  const identity = { pid: process.ppid, startedAt: processStartedAt(process.ppid) ?? '' };
  await withoutDescriptors(() => {
    expect(() => isAlive(identity)).toThrow('EMFILE');
    watch.add('session', identity);
  });
  expect(gone).toEqual([]);
});
