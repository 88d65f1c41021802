export interface BackoffOptions {
  firstMs: number;
  maxMs: number;
  /** A number in [0, 1); replaced in tests. */
  random?: () => number;
}

/** Waiting times that double up to a bound, each spread over its upper half so that many clients don't return at once. */
export class Backoff {
  private attempts = 0;

  constructor(private readonly options: BackoffOptions) {}

  nextMs(): number {
    const { firstMs, maxMs, random = Math.random } = this.options;
    const bound = Math.min(maxMs, firstMs * 2 ** Math.min(this.attempts, 30));
    this.attempts += 1;
    return Math.round(bound * (0.5 + random() / 2));
  }

  reset(): void {
    this.attempts = 0;
  }
}
