export interface BackoffOptions {
  /** Default 250 ms. */
  firstMs?: number;
  /** Default 30 s. */
  longestMs?: number;
}

/** Growing pauses without end. Each is random between half and whole, so that many dialers don't come back at once. */
export class Backoff {
  private readonly firstMs: number;
  private readonly longestMs: number;
  private failures = 0;

  constructor({ firstMs = 250, longestMs = 30_000 }: BackoffOptions = {}) {
    this.firstMs = firstMs;
    this.longestMs = longestMs;
  }

  reset(): void {
    this.failures = 0;
  }

  /** Milliseconds to wait before the next attempt. */
  next(): number {
    const whole = Math.min(this.longestMs, this.firstMs * 2 ** Math.min(this.failures++, 30));
    return whole * (0.5 + Math.random() / 2);
  }
}
