import { Throttle } from '@pizzapi/tunnel';

/** Counts what passes, and lets everything pass. */
export class ByteMeter extends Throttle {
  constructor(private readonly count: (bytes: number) => void) {
    super(Infinity);
  }

  override passed(bytes: number): number {
    this.count(bytes);
    return 0;
  }
}
