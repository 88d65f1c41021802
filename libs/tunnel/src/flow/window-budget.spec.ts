import type { Http2Session } from 'node:http2';
import { describe, expect, it, vi } from 'vitest';
import { MIN_STREAM_WINDOW_BYTES, STREAM_WINDOW_BYTES } from '../settings.js';
import { WindowBudget, windowFor } from './window-budget.js';

const MIB = 1024 * 1024;

describe('windows', () => {
  it('are as large as the budget allows, in halves, between two limits', () => {
    expect(windowFor(1, 64 * MIB)).toBe(STREAM_WINDOW_BYTES);
    expect(windowFor(64, 64 * MIB)).toBe(STREAM_WINDOW_BYTES);
    expect(windowFor(65, 64 * MIB)).toBe(STREAM_WINDOW_BYTES / 2);
    expect(windowFor(1_000, 64 * MIB)).toBe(64 * 1024);
    expect(windowFor(100_000, 64 * MIB)).toBe(MIN_STREAM_WINDOW_BYTES);
  });

  it('shrink at once, grow with distance, and are announced one at a time', () => {
    let streams = 0;
    let acknowledge = (): void => undefined;
    const settings = vi.fn((_settings: object, callback: () => void) => (acknowledge = callback));
    const windows = new WindowBudget(
      { settings, destroyed: false } as unknown as Http2Session,
      () => streams,
      64 * MIB,
    );
    const announced = (): unknown[] => settings.mock.calls.map(([each]) => each);
    const open = (count: number): void => ((streams = count), windows.adjust());

    open(64);
    expect(announced()).toEqual([]);
    open(65);
    open(300);
    expect(announced()).toEqual([{ initialWindowSize: MIB / 2 }]);
    acknowledge();
    expect(announced().slice(1)).toEqual([{ initialWindowSize: MIB / 8 }]);
    acknowledge();
    open(256);
    expect(announced().length).toBe(2);
    open(128);
    expect(announced().slice(2)).toEqual([{ initialWindowSize: MIB / 4 }]);
    acknowledge();
    open(0);
    expect(announced().slice(3)).toEqual([{ initialWindowSize: MIB }]);
  });

  it('are smaller while a connection is shared whose other end is near, and a second longer', () => {
    vi.useFakeTimers();
    let streams = 1;
    const { windows, announced } = measured([9, 5, 1], () => streams);
    expect(announced).toEqual([]);
    streams = 2;
    windows.adjust();
    expect(announced).toEqual([MIN_STREAM_WINDOW_BYTES]);
    streams = 1;
    windows.adjust();
    vi.advanceTimersByTime(999);
    expect(announced.length).toBe(1);
    vi.advanceTimersByTime(1);
    expect(announced).toEqual([MIN_STREAM_WINDOW_BYTES, STREAM_WINDOW_BYTES]);
    vi.useRealTimers();
  });

  it('stay large for several streams whose other end is far', () => {
    const { windows, announced } = measured([9, 5, 3], () => 2);
    windows.adjust();
    expect(announced).toEqual([]);
  });
});

/** Of a connection whose pings take so long. */
function measured(pings: number[], streams: () => number): { windows: WindowBudget; announced: unknown[] } {
  const announced: unknown[] = [];
  const session = {
    destroyed: false,
    ping: (answer: (error: null, tookMs: number) => void) => answer(null, pings.shift() ?? NaN),
    settings: ({ initialWindowSize }: { initialWindowSize: number }, callback: () => void) => {
      announced.push(initialWindowSize);
      callback();
    },
  };
  const windows = new WindowBudget(session as unknown as Http2Session, streams);
  windows.measure();
  return { windows, announced };
}
