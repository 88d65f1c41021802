import type { SessionEvent } from '@pizzapi/protocol';

/** What a feed has counted. Every number is applied once: `applied` rises by one for each number that `cursor` passes. */
export interface FeedCounts {
  /** The last number taken; null before the first page. */
  readonly cursor: number | null;
  readonly applied: number;
  /** Numbers that came again and were dropped. */
  readonly duplicates: number;
  /** Holes in the numbers. Each is settled by attaching anew from the cursor, never by skipping. */
  readonly gaps: number;
  readonly resyncs: number;
  readonly attaches: number;
}

/** Lets each number pass once and in order. */
export class SequenceGate {
  private current: number | null = null;
  private applied = 0;
  private duplicates = 0;
  private gaps = 0;
  private resyncs = 0;
  private attaches = 0;

  get cursor(): number | null {
    return this.current;
  }
  get counts(): FeedCounts {
    const { current: cursor, applied, duplicates, gaps, resyncs, attaches } = this;
    return { cursor, applied, duplicates, gaps, resyncs, attaches };
  }

  /** The events to apply, up to the first hole. */
  take(events: readonly SessionEvent[]): { fresh: SessionEvent[]; hasGap: boolean } {
    const fresh: SessionEvent[] = [];
    for (const event of events) {
      if (this.current === null && event.seq !== 1) {
        // Late events of an earlier attachment: a page comes first.
        return { fresh, hasGap: false };
      }
      const expected = (this.current ?? 0) + 1;
      if (event.seq < expected) {
        this.duplicates += 1;
      } else if (event.seq === expected) {
        this.current = event.seq;
        this.applied += 1;
        fresh.push(event);
      } else {
        this.gaps += 1;
        return { fresh, hasGap: true };
      }
    }
    return { fresh, hasGap: false };
  }

  /** A page came: go on from `nextSeq`. */
  restart(nextSeq: number): void {
    this.current = nextSeq - 1;
    this.resyncs += 1;
  }

  /** Forgets the cursor, so that the next attachment asks for a page. */
  forget(): void {
    this.current = null;
  }

  countAttach(): void {
    this.attaches += 1;
  }
}
