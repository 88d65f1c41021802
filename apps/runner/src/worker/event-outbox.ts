import { MAX_EVENTS_PER_BATCH, type SessionEvent, type UnnumberedSessionEvent } from '@pizzapi/protocol';
import { compactEvents } from './compact-events.js';
import { estimateEventBytes } from './event-size.js';
import { fitEvent } from './fit-event.js';

const MAX_BATCH_BYTES = 4 * 1024 * 1024;
const COMPACT_FROM_EVENTS = 20_000;
const COMPACT_FROM_BYTES = 32 * 1024 * 1024;

interface Sized<E> {
  event: E;
  bytes: number;
}

/**
 * Numbers a session's events 1, 2, 3, … and keeps each until the relay has it.
 *
 * An event gets its number only when it is first handed out for sending. What waits before that (the relay is away) can
 * therefore be compacted without leaving a hole in the numbers: from 20,000 events or 32 MB on, deltas of finished messages
 * are dropped and states kept in their latest form only. So memory grows with the conversation's finished entries, which the
 * agent holds in memory anyway, and not with what streamed by. Handed-out events are bounded by the sender's window.
 */
export class EventOutbox {
  /** The highest number given so far; null before the relay said where the log stands. */
  private lastSeq: number | null = null;
  /** Numbered and not acknowledged; the first `handedOut` of them are on their way. */
  private numbered: Sized<SessionEvent>[] = [];
  private handedOut = 0;
  private waiting: Sized<UnnumberedSessionEvent>[] = [];
  private waitingBytes = 0;
  private compactFrom = { events: COMPACT_FROM_EVENTS, bytes: COMPACT_FROM_BYTES };

  add(event: UnnumberedSessionEvent): void {
    const sized = fitted(event);
    this.waiting.push(sized);
    this.waitingBytes += sized.bytes;
    if (this.waiting.length > this.compactFrom.events || this.waitingBytes > this.compactFrom.bytes) this.compact();
  }

  /** The lowest unacknowledged number or the next one; null before the first {@link resume}. */
  get nextSeq(): number | null {
    return this.numbered[0]?.event.seq ?? (this.lastSeq === null ? null : this.lastSeq + 1);
  }

  get isEmpty(): boolean {
    return this.numbered.length === 0 && this.waiting.length === 0;
  }

  /** Ids of the entries that the relay may not have yet and will get from here. */
  unacknowledgedEntryIds(afterSeq: number): Set<string> {
    const events = [...this.numbered.filter(({ event }) => event.seq > afterSeq), ...this.waiting];
    return new Set(events.flatMap(({ event }) => (event.type === 'entry.appended' ? [event.data.entryId] : [])));
  }

  /**
   * Takes up sending on a new connection. `lastSeq` is the last number in the relay's log; `missing` are entries that the log
   * should hold and nobody sends: from before this process on its first connection, lost by the relay on a later one.
   * They come first. Numbers already given are kept unless the relay's log does not fit them.
   */
  resume(lastSeq: number, missing: UnnumberedSessionEvent[]): void {
    // A log that is ahead of us holds numbers we never gave: then none of ours is acknowledged by it.
    if (this.lastSeq !== null && lastSeq <= this.lastSeq) this.acknowledge(lastSeq);
    this.handedOut = 0;
    const doNumbersFit = this.nextSeq === lastSeq + 1;
    if (doNumbersFit && missing.length === 0) return;
    const recovered = missing.map(fitted);
    this.waiting = [...recovered, ...this.numbered, ...this.waiting];
    this.waitingBytes = sumBytes(this.waiting);
    this.numbered = [];
    this.lastSeq = lastSeq;
  }

  /** The next events in order, at most 512 and about 4 MB; null when there is nothing to send (or no number to give yet). */
  nextBatch(): SessionEvent[] | null {
    if (this.lastSeq === null) return null;
    this.numberUpTo(this.handedOut + MAX_EVENTS_PER_BATCH);
    const batch: SessionEvent[] = [];
    let bytes = 0;
    for (const sized of this.numbered.slice(this.handedOut, this.handedOut + MAX_EVENTS_PER_BATCH)) {
      if (batch.length > 0 && bytes + sized.bytes > MAX_BATCH_BYTES) break;
      batch.push(sized.event);
      bytes += sized.bytes;
    }
    this.handedOut += batch.length;
    return batch.length === 0 ? null : batch;
  }

  /** The relay's log holds everything up to this number. */
  acknowledge(lastSeq: number): void {
    const firstKept = this.numbered.findIndex(({ event }) => event.seq > lastSeq);
    const count = firstKept === -1 ? this.numbered.length : firstKept;
    this.numbered.splice(0, count);
    this.handedOut = Math.max(0, this.handedOut - count);
  }

  private numberUpTo(count: number): void {
    const added = this.waiting.splice(0, Math.max(0, count - this.numbered.length));
    for (const { event, bytes } of added) {
      this.waitingBytes -= bytes;
      this.lastSeq = (this.lastSeq ?? 0) + 1;
      this.numbered.push({ event: { ...event, seq: this.lastSeq }, bytes });
    }
  }

  private compact(): void {
    this.waiting = compactEvents(this.waiting.map(({ event }) => event)).map((event) => ({
      event,
      bytes: estimateEventBytes(event),
    }));
    this.waitingBytes = sumBytes(this.waiting);
    // Doubling keeps the cost per event constant where little can be saved.
    this.compactFrom = {
      events: Math.max(COMPACT_FROM_EVENTS, this.waiting.length * 2),
      bytes: Math.max(COMPACT_FROM_BYTES, this.waitingBytes * 2),
    };
  }
}

function fitted(given: UnnumberedSessionEvent): Sized<UnnumberedSessionEvent> {
  const event = fitEvent(given);
  return { event, bytes: estimateEventBytes(event) };
}

function sumBytes(sized: { bytes: number }[]): number {
  return sized.reduce((sum, { bytes }) => sum + bytes, 0);
}
