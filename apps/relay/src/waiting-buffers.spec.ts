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
    const after = (count) => {
      for (let at = 0; at < count; at++) Buffer.allocUnsafeSlow(65_536);
      look();
      return process.memoryUsage().arrayBuffers;
    };
    console.log(after(128), after(512));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  const [few = 0, many] = stdout.split(' ').map(Number);
  expect(few).toBeGreaterThanOrEqual(8 * MIB);
  expect(many).toBeLessThan(few);
});
