/** How many messages a connection may send: steadily, and at once after a silence. */
export interface MessageRate {
  perSecond: number;
  burst: number;
}

/** Counts down what may be sent; fills up again as time passes. */
export class TokenBucket {
  private tokens: number;
  private at: number;

  /** @param nowMs the time, from a monotonic clock */
  constructor(
    private readonly rate: MessageRate,
    nowMs: number,
  ) {
    this.tokens = rate.burst;
    this.at = nowMs;
  }

  /** @returns false when it is empty */
  take(nowMs: number): boolean {
    this.tokens = Math.min(this.rate.burst, this.tokens + ((nowMs - this.at) * this.rate.perSecond) / 1_000);
    this.at = nowMs;
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }
}
