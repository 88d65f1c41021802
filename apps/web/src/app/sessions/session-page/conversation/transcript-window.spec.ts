import { anEntry } from './conversation-fixtures';
import { toTranscriptItem } from './transcript-item';
import {
  appendLive,
  appendPage,
  backToTail,
  openAt,
  prependPage,
  trimWindow,
  visibleItems,
  windowFromPage,
  type ItemPage,
  type TranscriptWindow,
} from './transcript-window';

const limits = { maxItems: 40, maxBytes: 1e9, tailItems: 10 };
const item = (seq: number) => toTranscriptItem(anEntry(seq));
function page(from: number, to: number, hasMore = true): ItemPage {
  return { items: Array.from({ length: to - from + 1 }, (_, i) => item(from + i)), hasMore };
}
const seqs = (window: TranscriptWindow): number[] => visibleItems(window).map(({ seq }) => seq);
const isContiguous = (numbers: number[]): boolean =>
  numbers.every((n, i) => i === 0 || n === (numbers[i - 1] ?? 0) + 1);

describe('TranscriptWindow', () => {
  it('grows at both ends', () => {
    const window = appendLive(prependPage(windowFromPage(page(11, 20)), page(1, 10, false)), item(21));
    expect(seqs(window)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
    expect(window.hasOlder).toBe(false);
  });

  it('lets go of the front while the reader is at the end', () => {
    const window = trimWindow(windowFromPage(page(1, 60, false)), 'end', limits);
    expect(seqs(window).at(-1)).toBe(60);
    expect(seqs(window).length).toBe(30);
    expect(window.hasOlder).toBe(true);
  });

  it('detaches from the end while the reader is far up, and keeps the tail live', () => {
    let window = trimWindow(prependPage(windowFromPage(page(31, 60)), page(1, 30, false)), 'start', limits);
    expect(window.isJoined).toBe(false);
    expect(seqs(window)[0]).toBe(1);
    expect(isContiguous(seqs(window))).toBe(true);
    window = appendLive(window, item(61));
    expect(seqs(window).at(-1)).toBeLessThan(61);
    expect(seqs(backToTail(window))).toEqual([51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61]);
  });

  it('joins the tail again where the pages meet, without a hole or a double', () => {
    let window = trimWindow(prependPage(windowFromPage(page(31, 60)), page(1, 30, false)), 'start', limits);
    const last = seqs(window).at(-1) ?? 0;
    window = appendPage(window, page(last + 1, last + 12));
    window = appendPage(window, page(last + 13, last + 40));
    expect(window.isJoined).toBe(true);
    expect(seqs(window)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  });

  it('does not join a tail that the transcript has not reached yet, wherever the reader came from', () => {
    // The entries 51 to 90 were told live, are in memory no more, and not in the transcript yet.
    const tail = windowFromPage(page(91, 100));
    const opened = openAt(tail, page(30, 50, false), true);
    expect([opened.isJoined, seqs(opened).at(-1)]).toEqual([false, 50]);
    const waiting = appendPage(opened, { items: [], hasMore: false });
    expect([waiting.isJoined, seqs(waiting).at(-1)]).toEqual([false, 50]);
    const joined = appendPage(waiting, page(51, 100, false));
    expect(joined.isJoined).toBe(true);
    expect(seqs(joined)).toEqual(Array.from({ length: 71 }, (_, i) => i + 30));
    expect(openAt(tail, { items: [], hasMore: false }, true)).toBe(tail);
  });

  it('knows an entry of the tail by its id, should it have another number there', () => {
    const again = windowFromPage({ items: [{ ...item(100), entryId: item(91).entryId }], hasMore: true });
    const window = openAt(again, page(85, 91, false), true);
    expect(window.isJoined).toBe(true);
    expect(seqs(window)).toEqual([85, 86, 87, 88, 89, 90, 100]);
  });

  it('stays bounded and contiguous on a walk through 10,000 entries and back', () => {
    let window = windowFromPage(page(9_901, 10_000));
    while (window.hasOlder) {
      const first = seqs(window)[0] ?? 1;
      window = trimWindow(prependPage(window, page(Math.max(1, first - 20), first - 1, first > 21)), 'start', limits);
      expect(window.older.length + window.tail.length).toBeLessThanOrEqual(60);
      expect(isContiguous(seqs(window))).toBe(true);
    }
    expect(seqs(window)[0]).toBe(1);
    while (!window.isJoined) {
      const last = seqs(window).at(-1) ?? 0;
      window = trimWindow(
        appendPage(window, page(last + 1, Math.min(10_000, last + 20), last + 20 < 10_000)),
        'end',
        limits,
      );
      expect(isContiguous(seqs(window))).toBe(true);
    }
    expect(seqs(window).at(-1)).toBe(10_000);
  });

  it('opens at a deep link', () => {
    const window = openAt(windowFromPage(page(91, 100)), page(40, 60), true);
    expect(seqs(window)[0]).toBe(40);
    expect(window.isJoined).toBe(false);
    expect(openAt(windowFromPage(page(91, 100)), page(85, 100, false), true).isJoined).toBe(true);
  });

  it('counts bytes, not only entries', () => {
    const big = Array.from({ length: 60 }, (_, i) => toTranscriptItem(anEntry(i + 1, 'x'.repeat(100_000))));
    const window = trimWindow(windowFromPage({ items: big, hasMore: false }), 'end', {
      maxItems: 600,
      maxBytes: 8e6,
      tailItems: 10,
    });
    expect(visibleItems(window).length).toBe(29);
  });
});
