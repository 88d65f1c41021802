import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pizzapi-run-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs two commands at a time, as `npm run check` does; each writes its process id and would take an hour. */
const SCRIPT = `
  import { run } from ${JSON.stringify(new URL('run-command.mjs', import.meta.url).href)};
  const hour = 'require("fs").appendFileSync("pids", process.pid + "\\\\n"); setTimeout(() => {}, 3_600_000)';
  await Promise.all([1, 2].map(() => run(process.execPath, ['-e', hour], { cwd: process.cwd() })));
`;

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('what was begun ends with us by %s', async (signal) => {
  const script = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT], { cwd: folder, stdio: 'inherit' });
  const ended = once(script, 'exit');
  const pids = () => readFileSync(join(folder, 'pids'), { encoding: 'utf8', flag: 'a+' }).split('\n').filter(Boolean);
  await expect.poll(pids).toHaveLength(2);
  script.kill(signal);
  expect(await ended).toEqual([null, signal]);
  await expect.poll(() => pids().filter((pid) => isAlive(Number(pid)))).toEqual([]);
});

/** It ends when it has the priority of who runs it, also among sessions. */
const NICE = `
  import { run } from ${JSON.stringify(new URL('run-command.mjs', import.meta.url).href)};
  const until = 'until grep -q "nice 7$" /proc/self/autogroup; do sleep 0.02; done';
  process.exitCode = (await run('sh', ['-c', until], { cwd: process.cwd() })).code;
`;

it.runIf(existsSync('/proc/self/autogroup'))('what is run is as unimportant as who runs it', async () => {
  const script = spawn('nice', ['-n', '7', process.execPath, '--input-type=module', '-e', NICE], {
    cwd: folder,
    stdio: 'inherit',
  });
  expect(await once(script, 'exit')).toEqual([0, null]);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
