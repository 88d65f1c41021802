import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withoutDescriptors } from '@pizzapi/testing';
import { FrameReader } from '../link/frames.js';
import { startCommand } from './command.js';
import { Output } from './output.js';

/** A worker that takes nothing until it is let go. */
class SlowWorker extends Writable {
  readonly #reader = new FrameReader();
  #take: (() => void) | null = null;
  #isFree = false;
  seen = 0;

  letGo(): void {
    this.#isFree = true;
    this.#take?.();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    for (const { body } of this.#reader.push(chunk)) this.seen += body.length;
    if (this.#isFree) done();
    else this.#take = done;
  }
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-command-'));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

it.each([
  ['its reader is late', false],
  ['the worker takes nothing meanwhile', true],
])('what a command left running writes is not lost when %s', async (_why, isStalled) => {
  const worker = new SlowWorker();
  const output = new Output(worker);
  const command = `(until [ -e go ]; do :; done; head -c 50000 /dev/zero; : > done) & exit 0`;
  const { ended } = startCommand(
    { op: 'exec', shell: '/bin/sh', args: ['-c', command], cwd: folder, env: {}, timeoutMs: null },
    new Uint8Array(),
    (chunk) => output.send({ id: 1, type: 'output' }, chunk),
    output,
  );
  const over = { is: false };
  void ended.then(() => (over.is = true));
  // From its end on it is waited for its pipe to be quiet.
  while (vi.getTimerCount() === 0) await setImmediate();
  if (isStalled) output.send({ id: 0, type: 'output' }, new Uint8Array(100_000));
  writeFileSync(join(folder, 'go'), '');
  while (!existsSync(join(folder, 'done'))); // nothing is read
  vi.advanceTimersByTime(100);
  for (let turn = 0; turn < 10; turn += 1) await setImmediate();
  vi.advanceTimersByTime(isStalled ? 100 : 0);
  await setImmediate();
  worker.letGo();
  while (!over.is) {
    await setImmediate();
    vi.advanceTimersByTime(10);
  }
  expect(worker.seen).toBe(isStalled ? 150_000 : 50_000);
});

it.skipIf(process.platform !== 'linux').each(['exec', 'run', 'serve'] as const)(
  '%s where no more files can be opened says so, and ends nothing else',
  async (op) => {
    const order =
      op === 'exec'
        ? { op, shell: '/bin/sh', args: ['-c', 'true'], cwd: folder, env: {}, timeoutMs: null }
        : { op, program: '/bin/true', args: [], cwd: folder, env: {}, timeoutMs: null, limit: 10 };
    const output = { hold: () => () => undefined, isFull: false };
    const { ended } = await withoutDescriptors(() => startCommand(order, new Uint8Array(), () => undefined, output));
    expect(await ended).toMatchObject({
      type: 'failed',
      code: 'EMFILE',
      message: expect.stringContaining('try again'),
    });
  },
);
