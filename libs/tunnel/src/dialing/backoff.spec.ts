import { describe, expect, it } from 'vitest';
import { Backoff } from './backoff.js';

describe('backoff', () => {
  it('doubles up to a limit, always with chance in it, and never ends', () => {
    const backoff = new Backoff({ firstMs: 100, longestMs: 1_000 });
    for (const whole of [100, 200, 400, 800, 1_000, 1_000]) {
      const pause = backoff.next();
      expect(pause).toBeGreaterThanOrEqual(whole / 2);
      expect(pause).toBeLessThanOrEqual(whole);
    }
    for (let at = 0; at < 2_000; at++) expect(backoff.next()).toBeLessThanOrEqual(1_000);
    const pauses = new Set(Array.from({ length: 10 }, () => backoff.next()));
    expect(pauses.size).toBe(10);
  });

  it('begins again when told so', () => {
    const backoff = new Backoff({ firstMs: 100 });
    for (let at = 0; at < 10; at++) backoff.next();
    backoff.reset();
    expect(backoff.next()).toBeLessThanOrEqual(100);
  });
});
