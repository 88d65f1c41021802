import { describe, expect, it, vi } from 'vitest';
import { Slots } from './slots.js';
import { TimeLimit } from './time-limit.js';

describe('slots', () => {
  it('let so many run at once, in the order of their coming', async () => {
    const slots = new Slots(2);
    const ends = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
    const begun: number[] = [];
    const all = ends.map(({ promise }, at) =>
      slots.run(async () => {
        begun.push(at);
        await promise;
      }),
    );
    await Promise.resolve();
    expect(begun).toEqual([0, 1]);
    ends[1]?.resolve();
    await all[1];
    await Promise.resolve();
    expect(begun).toEqual([0, 1, 2]);
    for (const { resolve } of ends) resolve();
    await Promise.all(all);
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  it('are given back by what fails', async () => {
    const slots = new Slots(1);
    await expect(slots.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(slots.run(() => Promise.resolve('next'))).resolves.toBe('next');
  });
});

describe('a time limit', () => {
  it('does not count what it is paused for', async () => {
    vi.useFakeTimers();
    try {
      const onExpired = vi.fn();
      const limit = new TimeLimit(100, onExpired);
      vi.advanceTimersByTime(60);
      const answer = Promise.withResolvers<string>();
      const second = Promise.withResolvers<string>();
      const waited = [limit.pauseFor(answer.promise), limit.pauseFor(second.promise)];
      vi.advanceTimersByTime(1_000);
      answer.resolve('yes');
      await waited[0];
      vi.advanceTimersByTime(1_000);
      expect(onExpired).not.toHaveBeenCalled();
      second.resolve('no');
      await waited[1];
      vi.advanceTimersByTime(39);
      expect(onExpired).not.toHaveBeenCalled();
      vi.advanceTimersByTime(2);
      expect(onExpired).toHaveBeenCalledOnce();
    } finally {
      vi.useRealTimers();
    }
  });

  it('does not run out once it is stopped, also while it is paused', async () => {
    vi.useFakeTimers();
    try {
      const onExpired = vi.fn();
      const limit = new TimeLimit(100, onExpired);
      const answer = Promise.withResolvers<string>();
      const waited = limit.pauseFor(answer.promise);
      limit.stop();
      answer.resolve('late');
      await waited;
      vi.advanceTimersByTime(1_000);
      expect(onExpired).not.toHaveBeenCalled();
    } finally {
      vi.useRealTimers();
    }
  });
});
