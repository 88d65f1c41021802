import type { Http2Session } from 'node:http2';
import { MIN_STREAM_WINDOW_BYTES, STREAM_WINDOW_BYTES } from '../settings.js';

/** What all streams of a connection together may leave unread: the memory that slow readers can take at this end. */
export const DEFAULT_WINDOW_BUDGET_BYTES = 64 * 1024 * 1024;

/** Over a round trip this short the smallest window still allows each stream 32 MB/s; over half a millisecond, 130 MB/s. */
const NEAR_MS = 2;
/** Several, because on a busy machine some come back late. */
const PINGS = 3;
/** A connection still counts as shared for this long afterwards, so that not every small request changes the window. */
const SHARED_MS = 1_000;

/**
 * Keeps streams × window within a budget: the more streams are open, the smaller the window of each. It is halved in steps, so that
 * the other end hears of a change seldom. And where the other end is near it is smaller while several streams share the connection: what
 * a large one has on its way lies in the buffers between, ahead of what is small.
 */
export class WindowBudget {
  private announced = STREAM_WINDOW_BYTES;
  private isAwaited = false;
  private isNear = false;
  /** Runs while the connection counts as shared. */
  private shared: NodeJS.Timeout | null = null;

  constructor(
    private readonly session: Http2Session,
    private readonly openStreams: () => number,
    private readonly budgetBytes = DEFAULT_WINDOW_BUDGET_BYTES,
  ) {}

  /** To be called once, while the connection is quiet: finds out whether the other end is near. */
  measure(pings = PINGS): void {
    this.session.ping((error, tookMs) => {
      if (error) return;
      if (tookMs > NEAR_MS) return pings > 1 ? this.measure(pings - 1) : undefined;
      this.isNear = true;
      this.adjust();
    });
  }

  /** To be called whenever a stream has begun or ended. */
  adjust(): void {
    if (this.session.destroyed) return;
    if (this.isNear && this.openStreams() > 1) this.share();
    const window = this.due();
    if (window === this.announced || this.isAwaited) return;
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
    const largest = this.shared === null ? STREAM_WINDOW_BYTES : MIN_STREAM_WINDOW_BYTES;
    const least = Math.min(largest, windowFor(streams, this.budgetBytes));
    if (least < this.announced) return least;
    return Math.max(this.announced, Math.min(largest, windowFor(2 * streams, this.budgetBytes)));
  }

  private share(): void {
    this.shared ??= setTimeout(() => {
      this.shared = null;
      this.adjust();
    }, SHARED_MS).unref();
    this.shared.refresh();
  }
}

/** The largest of the steps that lets so many streams be within the budget. */
export function windowFor(streams: number, budgetBytes: number): number {
  let window = STREAM_WINDOW_BYTES;
  while (window > MIN_STREAM_WINDOW_BYTES && streams * window > budgetBytes) window /= 2;
  return window;
}
