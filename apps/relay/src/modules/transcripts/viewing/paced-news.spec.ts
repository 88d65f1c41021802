import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PacedNews } from './paced-news.js';

describe('PacedNews', () => {
  const tell = vi.fn();
  let news: PacedNews;

  beforeEach(() => {
    vi.useFakeTimers();
    tell.mockReset();
    news = new PacedNews(tell);
  });
  afterEach(() => vi.useRealTimers());

  it('notifies immediately, then at most once per interval, and always after the last change', () => {
    for (let at = 0; at < 90; at++) {
      news.changed();
      vi.advanceTimersByTime(10);
    }
    // At 0, 250, 500 and 750 ms.
    expect(tell).toHaveBeenCalledTimes(4);
    vi.advanceTimersByTime(1_000);
    expect(tell).toHaveBeenCalledTimes(5);
  });

  it('does not notify after it was stopped', () => {
    news.changed();
    news.changed();
    news.stop();
    vi.advanceTimersByTime(1_000);
    expect(tell).toHaveBeenCalledTimes(1);
  });
});
