import { signal } from '@angular/core';
import type { TranscriptEntry, TranscriptPage } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
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
