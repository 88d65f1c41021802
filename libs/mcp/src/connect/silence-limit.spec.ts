import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SilenceLimit } from './silence-limit.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('a call ends without a sign of life, and each sign gives it all its time anew', () => {
  const clock = new SilenceLimit(1_000);
  vi.advanceTimersByTime(900);
  clock.beat();
  vi.advanceTimersByTime(900);
  expect(clock.signal.aborted).toBe(false);
  vi.advanceTimersByTime(100);
  expect(clock.signal.reason).toEqual(new Error('It gave no sign of life for 1 s.'));
});

it('a call does not end while a person is asked, not even by a sign of life', () => {
  const clock = new SilenceLimit(1_000);
  clock.hold();
  clock.hold();
  clock.beat();
  vi.advanceTimersByTime(60_000);
  clock.release();
  vi.advanceTimersByTime(60_000);
  expect(clock.signal.aborted).toBe(false);
  clock.release();
  vi.advanceTimersByTime(1_000);
  expect(clock.signal.aborted).toBe(true);
});

it('a call that is over ends nothing', () => {
  const clock = new SilenceLimit(1_000);
  clock.hold();
  clock.end();
  clock.release();
  vi.advanceTimersByTime(60_000);
  expect(clock.signal.aborted).toBe(false);
});
