import type { Pacing } from './pacing.js';

/** A bound on bytes per second, shared by all exchanges that are given it. A second's worth may pass at once. */
export class Throttle implements Pacing {
  private readonly bytesPerMs: number;
  private allowance: number;
  private countedAt = performance.now();

  constructor(private readonly bytesPerSecond: number) {
    this.bytesPerMs = bytesPerSecond / 1_000;
    this.allowance = bytesPerSecond;
  }

  passed(bytes: number): number {
    const now = performance.now();
    this.allowance = Math.min(this.bytesPerSecond, this.allowance + (now - this.countedAt) * this.bytesPerMs);
    this.countedAt = now;
    this.allowance -= bytes;
    return this.allowance >= 0 ? 0 : -this.allowance / this.bytesPerMs;
  }
}
