import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const MIB = 1024 * 1024;
const MODULE = new URL('waiting-buffers.ts', import.meta.url).href;

it('buffers that nobody uses any more are collected once they are many', async () => {
  // In a process of its own, whose flags are nobody else's. Less than what V8 collects by itself.
  const script = `
    import { lookForWaitingBuffers } from ${JSON.stringify(MODULE)};
    const look = lookForWaitingBuffers();
    const moment = new Int32Array(new SharedArrayBuffer(4));
    const after = (count, isLess) => {
      for (let at = 0; at < count; at++) Buffer.allocUnsafeSlow(65_536);
      look();
      // V8 frees them in another thread. This one makes nothing meanwhile that would have to be collected.
      for (let turn = 0; turn < 500 && !isLess(); turn++) Atomics.wait(moment, 0, 0, 10);
      return process.memoryUsage().arrayBuffers;
    };
    const few = after(128, () => true);
    console.log(few, after(512, () => process.memoryUsage().arrayBuffers < few));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  const [few = 0, many] = stdout.split(' ').map(Number);
  expect(few).toBeGreaterThanOrEqual(8 * MIB);
  expect(many).toBeLessThan(few);
});
