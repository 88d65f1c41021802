import type { Pacing } from './pacing.js';

/** An exchange that has passed so much is a large one. */
const LARGE_FROM_BYTES = 1024 * 1024;
/** What a large one may pass at once while there are small ones, and how long it rests then: 64 MB/s are left to it. */
const TURN_BYTES = 128 * 1024;
const REST_MS = 2;
/** So long after a small one has passed anything there are small ones. */
const LIVELY_MS = 10;

/**
 * Lets small exchanges go ahead of large ones. A download as fast as the machine can do keeps each process on its way busy, and whoever else
 * comes waits for a turn in each of them; with rests in between they meet idle ones. Where there are only large ones nothing rests.
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
