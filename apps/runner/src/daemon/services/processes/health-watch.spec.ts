import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HealthWatch } from './health-watch.js';
import { DEFAULT_LIMITS } from './service-limits.js';

const limits = { ...DEFAULT_LIMITS, lookMs: 100, maxUnanswered: 3, maxMemoryMb: Infinity };
const sickness = 'did not answer for 0.3 s: its event loop is blocked';

let isListening: boolean;
let pings: number;
let reasons: string[];
let watch: HealthWatch;

beforeEach(() => {
  vi.useFakeTimers();
  isListening = true;
  pings = 0;
  reasons = [];
  const ping = (): boolean => {
    if (isListening) pings += 1;
    return isListening;
  };
  watch = new HealthWatch(process.pid, limits, ping, (reason) => reasons.push(reason));
});

afterEach(() => {
  watch.stop();
  vi.useRealTimers();
});

const looks = (count: number): Promise<unknown> => vi.advanceTimersByTimeAsync(count * limits.lookMs);

describe('HealthWatch', () => {
  it('says once that a process does not answer, and asks it no second time', async () => {
    await looks(3);
    expect(reasons).toEqual([]);
    await looks(5);
    expect([reasons, pings]).toEqual([[sickness], 1]);
  });

  it('is content with a process that answers', async () => {
    for (let count = 1; count <= 10; count += 1) {
      await looks(1);
      watch.answered();
    }
    expect([reasons, pings]).toEqual([[], 10]);
  });

  it('does not count against a process what passed before it listened', async () => {
    isListening = false;
    await looks(10);
    isListening = true;
    await looks(1);
    expect([reasons, pings]).toEqual([[], 1]);
    watch.answered();
    await looks(3);
    expect([reasons, pings]).toEqual([[], 2]);
    await looks(1);
    expect(reasons).toEqual([sickness]);
  });
});
