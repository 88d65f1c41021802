import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it, vi } from 'vitest';
import { onNpmGone } from './npm-parent.mjs';

const MODULE = JSON.stringify(new URL('./npm-parent.mjs', import.meta.url).href);
/** What npm runs: stays until it is told that npm is gone. */
const SCRIPT = `
  import { onNpmGone } from ${MODULE};
  onNpmGone(() => { console.log('told'); process.exit(); });
  setInterval(() => undefined, 1_000);
  console.log('runs');`;
/** Stand for npm: they run the script, and pass no signal on. */
const DIRECTLY = `require('node:child_process').spawn(process.execPath, ['--input-type=module', '-e', process.env.SCRIPT], { stdio: 'inherit' });`;
const IN_A_SHELL = `require('node:child_process').spawn('"$NODE" --input-type=module -e "$SCRIPT"; true', { shell: true, stdio: 'inherit' });`;

it.each([
  ['directly', DIRECTLY],
  ['in a shell', IN_A_SHELL],
])('tells a script, run %s, whose npm was ended alone', async (_how, program) => {
  const env = { SCRIPT, NODE: process.execPath, npm_lifecycle_event: 'relay' };
  const npm = spawn(process.execPath, ['-e', program], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: npm.stdout })[Symbol.asyncIterator]();
  expect(await lines.next()).toEqual({ done: false, value: 'runs' });
  npm.kill('SIGTERM');
  await once(npm, 'exit');
  expect(await lines.next()).toEqual({ done: false, value: 'told' });
  // The script has ended: nobody holds the other end of the pipe.
  expect(await lines.next()).toMatchObject({ done: true });
});

it('does nothing in a script that npm does not run', () => {
  vi.useFakeTimers();
  vi.stubEnv('npm_lifecycle_event', undefined);
  onNpmGone(() => undefined);
  expect(vi.getTimerCount()).toBe(0);
  vi.unstubAllEnvs();
  vi.useRealTimers();
});
