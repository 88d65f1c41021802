import { signal } from '@angular/core';
import type { TranscriptEntry, TranscriptPage } from '@pizzapi/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toItemPage } from './conversation/conversation';
import { visibleItems, windowFromPage } from './conversation/transcript-window';
import { TranscriptPager } from './transcript-pager';

function page(first: number, last: number, left: readonly number[] = []): TranscriptPage {
  const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index).filter(
    (seq) => !left.includes(seq),
  );
  const entries = numbers.map((seq): TranscriptEntry => ({
    seq,
    entryId: `e${seq}`,
    kind: 'user',
    ts: '2026-11-20T10:00:00.000Z',
    content: { role: 'user', content: `Message ${seq}` },
  }));
  return { entries, firstSeq: first, lastSeq: last, hasMore: true };
}

describe('a jump', () => {
  function pager(pages: (range: { before?: number; after?: number }) => Promise<TranscriptPage>) {
    const window = signal(windowFromPage(toItemPage(page(91, 100))));
    const all = new TranscriptPager(pages, window, (change) => window.update(change));
    return { all, numbers: () => visibleItems(window()).map(({ seq }) => seq) };
  }

  it('waits for the page that is being fetched, and is at its entry then', async () => {
    const older = Promise.withResolvers<TranscriptPage>();
    const { all, numbers } = pager(({ before }) =>
      before === undefined ? Promise.resolve(page(10, 60)) : older.promise,
    );
    void all.loadOlder();
    const jump = all.jumpTo(30);
    older.resolve(page(81, 90));
    expect(await jump).toBe(true);
    expect(numbers()).toContain(30);
  });

  it('says where there is no such entry, as on another branch, or none could be read', async () => {
    expect(await pager(() => Promise.resolve(page(10, 60, [30]))).all.jumpTo(30)).toBe(false);
    const failing = pager(() => Promise.reject(new Error('away')));
    expect(await failing.all.jumpTo(30)).toBe(false);
    expect(failing.all.problem()).not.toBeNull();
  });
});

describe('a reader at the end of a transcript that is behind what is told live', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** The tail begins at 91; the transcript has the entries up to its last one. */
  function behind() {
    const transcript = { last: 60, isAway: false };
    const asked: number[] = [];
    const window = signal(windowFromPage(toItemPage(page(91, 100))));
    const pager = new TranscriptPager(
      ({ after = 0 }) => {
        asked.push(after);
        if (transcript.isAway) return Promise.reject(new Error('away'));
        return Promise.resolve({ ...page(after + 1, Math.max(after, transcript.last)), hasMore: false });
      },
      window,
      (change) => window.update(change),
    );
    return { transcript, asked, window, pager };
  }

  it('gets what is between as soon as it is there, without scrolling, and as long as anybody reads', async () => {
    const { transcript, asked, window, pager } = behind();
    const numbers = (): number[] => visibleItems(window()).map(({ seq }) => seq);
    await pager.jumpTo(50);
    expect([numbers().at(-1), window().isJoined]).toEqual([60, false]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(asked.slice(1)).toEqual([60, 60]);
    pager.setRead(false);
    await vi.advanceTimersByTimeAsync(5000);
    expect(asked).toHaveLength(3);
    pager.setRead(true);
    transcript.last = 100;
    await vi.advanceTimersByTimeAsync(2000);
    expect(window().isJoined).toBe(true);
    expect(numbers()).toEqual(Array.from({ length: 71 }, (_, at) => at + 30));
  });

  it('asks ever more rarely while nothing comes, and as often as at first once something came', async () => {
    const { transcript, asked, pager } = behind();
    await pager.jumpTo(50);
    await vi.advanceTimersByTimeAsync(120_000);
    const inTwoMinutes = asked.length;
    expect(inTwoMinutes).toBeLessThan(12);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.length - inTwoMinutes).toBe(2);
    transcript.last = 70;
    await vi.advanceTimersByTimeAsync(30_000);
    const untilItCame = asked.lastIndexOf(60) + 1;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked.length - untilItCame).toBeGreaterThan(2);
    pager.setRead(false);
  });

  it('asks for it again after a failure once the reader wants that', async () => {
    const { transcript, window, pager } = behind();
    await pager.jumpTo(50);
    transcript.isAway = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(pager.problem()).not.toBeNull();
    transcript.isAway = false;
    transcript.last = 100;
    pager.retry();
    await pager.idle();
    expect([pager.problem(), window().isJoined]).toEqual([null, true]);
  });
});
