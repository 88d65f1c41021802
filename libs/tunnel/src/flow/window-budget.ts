import type { Http2Session } from 'node:http2';
import { MIN_STREAM_WINDOW_BYTES, STREAM_WINDOW_BYTES } from '../settings.js';

/** What all streams of a connection together may leave unread: the memory that slow readers can take at this end. */
export const DEFAULT_WINDOW_BUDGET_BYTES = 64 * 1024 * 1024;

/**
 * Keeps streams × window within a budget: the more streams are open, the smaller the window of each. It is halved in steps, so that
 * the other end hears of a change seldom.
 */
export class WindowBudget {
  private announced = STREAM_WINDOW_BYTES;
  private isAwaited = false;

  constructor(
    private readonly session: Http2Session,
    private readonly openStreams: () => number,
    private readonly budgetBytes = DEFAULT_WINDOW_BUDGET_BYTES,
  ) {}

  /** To be called whenever a stream has begun or ended. */
  adjust(): void {
    const window = this.due();
    if (window === this.announced || this.isAwaited || this.session.destroyed) return;
    this.announced = window;
    this.isAwaited = true;
    this.session.settings({ initialWindowSize: window }, () => {
      this.isAwaited = false;
      this.adjust();
    });
  }

  /** Grown again only where twice as many streams would fit, lest a number about a step makes a change with each request. */
  private due(): number {
    const streams = this.openStreams();
    const least = windowFor(streams, this.budgetBytes);
    return least < this.announced ? least : Math.max(this.announced, windowFor(2 * streams, this.budgetBytes));
  }
}

/** The largest of the steps that lets so many streams be within the budget. */
export function windowFor(streams: number, budgetBytes: number): number {
  let window = STREAM_WINDOW_BYTES;
  while (window > MIN_STREAM_WINDOW_BYTES && streams * window > budgetBytes) window /= 2;
  return window;
}
