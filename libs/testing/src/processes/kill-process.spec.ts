import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { killProcess } from './kill-process.js';

it('ends a process at once', async () => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  killProcess(child.pid);
  expect(await ended).toEqual([null, 'SIGKILL']);
});

it.each([0, -1, 1, Number.NaN, null, undefined])('refuses %s, which is no process of a test', (pid) => {
  expect(() => killProcess(pid)).toThrow(`There is no process to kill: ${String(pid)}.`);
});
