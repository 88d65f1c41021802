import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Throttle } from './throttle.js';

describe('a throttle', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('lets a second’s worth pass at once, and makes up for more by a pause', () => {
    const throttle = new Throttle(1_000);
    expect(throttle.passed(1_000)).toBe(0);
    expect(throttle.passed(500)).toBe(500);
    vi.advanceTimersByTime(500);
    expect(throttle.passed(0)).toBe(0);
  });

  it('saves up no more than a second’s worth', () => {
    const throttle = new Throttle(1_000);
    vi.advanceTimersByTime(60_000);
    expect(throttle.passed(3_000)).toBe(2_000);
  });
});
