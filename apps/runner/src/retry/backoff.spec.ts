import { expect, it } from 'vitest';
import { Backoff } from './backoff.js';

it('doubles up to its bound, spread over the upper half, and starts anew after a reset', () => {
  let random = 0;
  const backoff = new Backoff({ firstMs: 100, maxMs: 1_000, random: () => random });
  expect([1, 2, 3, 4, 5, 6].map(() => backoff.nextMs())).toEqual([50, 100, 200, 400, 500, 500]);
  backoff.reset();
  random = 0.999;
  expect([backoff.nextMs(), backoff.nextMs()]).toEqual([100, 200]);
});
