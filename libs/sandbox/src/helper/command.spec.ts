import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
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

afterEach(() => vi.useRealTimers());

it('a command that has ended gives all of its output to a worker that stalls', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const worker = new SlowWorker();
  const output = new Output(worker);
  output.send({ id: 0, type: 'output' }, new Uint8Array(100_000));
  expect(output.isFull).toBe(true);
  // It waits in the pipe, whole.
  const bytes = 50_000;
  const command = startCommand(
    { op: 'exec', shell: '/bin/sh', args: ['-c', `head -c ${bytes} /dev/zero`], cwd: '/', env: {}, timeoutMs: null },
    new Uint8Array(),
    (chunk) => output.send({ id: 1, type: 'output' }, chunk),
    output,
  );
  const expected = 100_000 + bytes;
  const over = { is: false };
  void command.ended.then(() => (over.is = true));
  // From its end on it is waited for its pipe to be quiet.
  while (vi.getTimerCount() === 0) await setImmediate();
  vi.advanceTimersByTime(10_000);
  worker.letGo();
  while (!over.is) {
    await setImmediate();
    vi.advanceTimersByTime(worker.seen === expected ? 200 : 1);
  }
  expect(worker.seen).toBe(expected);
});
