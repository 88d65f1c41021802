import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SmallFirst } from './small-first.js';

const KIB = 1024;
const MIB = 1024 * KIB;

describe('small exchanges', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  /** An exchange that has been large for long. */
  const large = (among: SmallFirst) => {
    const pacing = among.begin();
    pacing.passed(MIB);
    vi.advanceTimersByTime(1_000);
    return pacing;
  };
  const restsIn = (pacing: { passed(bytes: number): number }): number[] =>
    Array.from({ length: 16 }, () => pacing.passed(64 * KIB)).filter((ms) => ms > 0);

  it('go ahead: a large one rests after each turn while there are any', () => {
    const among = new SmallFirst();
    const download = large(among);
    among.begin();
    expect(restsIn(download)).toEqual(Array.from({ length: 8 }, () => 2));
  });

  it('are there while they pass anything, and not for long after that', () => {
    const among = new SmallFirst();
    const download = large(among);
    const events = among.begin();
    vi.advanceTimersByTime(60_000);
    expect(restsIn(download)).toEqual([]);
    events.passed(100);
    expect(restsIn(download)).not.toEqual([]);
    vi.advanceTimersByTime(10);
    expect(restsIn(download)).toEqual([]);
  });

  it('are none of those that have become large: these rest for nobody', () => {
    const among = new SmallFirst();
    const [one, other] = [large(among), large(among)];
    expect([...restsIn(one), ...restsIn(other)]).toEqual([]);
  });
});
