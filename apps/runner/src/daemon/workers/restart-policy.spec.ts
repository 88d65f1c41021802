import { expect, it } from 'vitest';
import { decideRestart } from './restart-policy.js';

const MINUTE = 60_000;

it('restarts three times in ten minutes, later each time', () => {
  const delays: number[] = [];
  let restarts: number[] = [];
  for (const now of [0, MINUTE, 2 * MINUTE]) {
    const decision = decideRestart(restarts, now);
    if (!decision.isAllowed) throw new Error('should be allowed');
    delays.push(decision.delayMs);
    restarts = decision.restarts;
  }
  expect(delays).toEqual([250, 1_000, 4_000]);
  expect(decideRestart(restarts, 9 * MINUTE)).toEqual({ isAllowed: false });
});

it('forgets what is older than ten minutes', () => {
  expect(decideRestart([0, MINUTE, 2 * MINUTE], 10 * MINUTE)).toMatchObject({
    isAllowed: true,
    restarts: [MINUTE, 2 * MINUTE, 10 * MINUTE],
  });
});
