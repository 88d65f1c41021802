import type { Pacing } from './pacing.js';

/** From this many bytes on an exchange counts as large. */
const LARGE_FROM_BYTES = 1024 * 1024;
/** How much a large one may pass in one go while small ones are active, and how long it then rests. That leaves it 64 MB/s. */
const TURN_BYTES = 128 * 1024;
const REST_MS = 2;
/** Small ones count as active for this long after any of them has passed something. */
const LIVELY_MS = 10;

/**
 * Lets small exchanges go ahead of large ones. A download as fast as the machine allows keeps every process on its way busy, and all others wait
 * for a turn in each of them; with short rests in between they find them idle. Where there are only large ones, nothing rests.
 */
export class SmallFirst {
  private lastSmallAt = -Infinity;

  /** To be called when an exchange begins; what it returns is for that exchange alone. */
  begin(): Pacing {
    this.lastSmallAt = performance.now();
    return new Turns(this);
  }

  /** Called whenever a small one has passed something. */
  sawSmall(): void {
    this.lastSmallAt = performance.now();
  }

  get isLively(): boolean {
    return performance.now() - this.lastSmallAt < LIVELY_MS;
  }
}

class Turns implements Pacing {
  private bytes = 0;
  private turnBytes = 0;

  constructor(private readonly among: SmallFirst) {}

  passed(bytes: number): number {
    this.bytes += bytes;
    if (this.bytes < LARGE_FROM_BYTES) {
      this.among.sawSmall();
      return 0;
    }
    this.turnBytes += bytes;
    if (this.turnBytes < TURN_BYTES) return 0;
    this.turnBytes = 0;
    return this.among.isLively ? REST_MS : 0;
  }
}
