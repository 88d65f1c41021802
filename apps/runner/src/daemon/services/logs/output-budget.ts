/** How much a service may write at once on each of its two streams, and how much of that comes back each second. */
const BURST_BYTES = 512 * 1024;
const BYTES_PER_SECOND = 64 * 1024;

/** Bounds what a service writes into its log: one that prints without end costs neither the disk nor the daemon much. */
export class OutputBudget {
  private left = BURST_BYTES;
  private at: number;
  private omitted = 0;

  constructor(private readonly now: () => number = Date.now) {
    this.at = now();
  }

  /** Whether this much may be written. What may not is counted. */
  take(bytes: number): boolean {
    this.refill();
    // Once something was left out, there must be room for more than scraps again, so that the gap stays in one piece.
    const isEnough = this.omitted > 0 ? this.left >= Math.max(bytes, BYTES_PER_SECOND) : this.left >= bytes;
    if (isEnough) this.left -= bytes;
    else this.omitted += bytes;
    return isEnough;
  }

  /** How many bytes were left out since the last time this was asked. */
  takeOmitted(): number {
    const { omitted } = this;
    this.omitted = 0;
    return omitted;
  }

  private refill(): void {
    const now = this.now();
    this.left = Math.min(BURST_BYTES, this.left + ((now - this.at) / 1_000) * BYTES_PER_SECOND);
    this.at = now;
  }
}
