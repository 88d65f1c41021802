import { expect, it } from 'vitest';
import { nextEpoch } from './epoch.js';

it('rises with the clock, and where the clock went back', () => {
  expect(nextEpoch(0, 1_000)).toBe(1_000);
  expect(nextEpoch(5_000, 1_000)).toBe(5_001);
});
