import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const MIB = 1024 * 1024;
const MODULE = new URL('young-generation.ts', import.meta.url).href;

/**
 * What survives for a while makes V8 enlarge the young generation: in a process of its own, whose flags are nobody else's. The median, because
 * pages that V8 has not given back yet count for a moment as well.
 */
async function usualYoungGeneration(begin: string): Promise<number> {
  const script = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { boundYoungGeneration, holdYoungGeneration } from ${JSON.stringify(MODULE)};
    ${begin}
    let kept = [];
    const sizes = [];
    for (let turn = 0; turn < 600; turn++) {
      for (let at = 0; at < 2_000; at++) kept.push({ at, pair: [at, at], text: 'x' + at });
      if (turn % 200 === 0) kept = [];
      sizes.push(getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size);
      await new Promise((resolve) => setImmediate(resolve));
    }
    console.log(sizes.sort((one, other) => one - other)[300]);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  return Number(stdout);
}

describe('the young generation', () => {
  it('grows to its bound', async () => {
    const bounded = await usualYoungGeneration('boundYoungGeneration();');
    expect(bounded).toBeGreaterThanOrEqual(48 * MIB);
    expect(bounded).toBeLessThanOrEqual(96 * MIB);
  });

  it('does not grow while it is held', async () => {
    expect(await usualYoungGeneration('holdYoungGeneration();')).toBeLessThan(8 * MIB);
  });

  it('would become larger by itself', async () => {
    expect(await usualYoungGeneration('')).toBeGreaterThanOrEqual(128 * MIB);
  });
});
