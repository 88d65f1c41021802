import type { Pacing } from '@pizzapi/tunnel';

/** Counts bytes without limiting them. */
export class ByteMeter implements Pacing {
  constructor(private readonly count: (bytes: number) => void) {}

  passed(bytes: number): number {
    this.count(bytes);
    return 0;
  }
}
