import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const MIB = 1024 * 1024;
const MODULE = new URL('young-generation.ts', import.meta.url).href;

/** What survives for a while makes V8 enlarge the young generation: in a process of its own, whose flags are nobody else's. */
async function largestYoungGeneration(begin: string): Promise<number> {
  const script = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { boundYoungGeneration, holdYoungGeneration } from ${JSON.stringify(MODULE)};
    ${begin}
    let kept = [];
    let largest = 0;
    for (let turn = 0; turn < 600; turn++) {
      for (let at = 0; at < 1_000; at++) kept.push({ at, pair: [at, at], text: 'x' + at });
      if (turn % 200 === 0) kept = [];
      largest = Math.max(largest, getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size);
      await new Promise((resolve) => setImmediate(resolve));
    }
    console.log(largest);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  return Number(stdout);
}

describe('the young generation', () => {
  it('grows to its bound, and not far above', async () => {
    const bound = await largestYoungGeneration('boundYoungGeneration();');
    expect(bound).toBeGreaterThanOrEqual(8 * MIB);
    expect(bound).toBeLessThan(32 * MIB);
    // What it would be otherwise.
    expect(await largestYoungGeneration('')).toBeGreaterThan(48 * MIB);
  });

  it('does not grow while it is held', async () => {
    expect(await largestYoungGeneration('holdYoungGeneration();')).toBeLessThan(8 * MIB);
  });
});
