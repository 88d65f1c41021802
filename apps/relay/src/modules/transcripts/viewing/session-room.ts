import type { SessionEvent } from '@pizzapi/protocol';
import type { Namespace } from 'socket.io';
import { type EventLog, parsePublishedEvents, type ReadEvents } from '../../sessions/index.js';
import type { ReadSnapshot } from './read-snapshot.js';
import type { Viewer } from './viewer.js';

/** What is read at a time, and sent as one message. */
const ONE_MESSAGE = { count: 500, bytes: 1024 * 1024 };

/**
 * One watched session on this replica. Viewers that are level get what arrives on the live channel, encoded once for all; a
 * viewer that is not (it has just come, or its network is slow) is brought level from the log, which is the truth in any doubt.
 */
export class SessionRoom {
  private readonly level = new Set<Viewer>();
  private pending: SessionEvent[] = [];
  private pendingBytes = 0;
  /** The last number that level viewers have or that waits in `pending`; null while nobody is level. */
  private highestSeq: number | null = null;
  /** The last number that the live channel has brought, level viewers or not. */
  private publishedSeq = 0;
  private flushing: NodeJS.Immediate | null = null;
  private isCatchingUp = false;

  constructor(
    private readonly sessionId: string,
    private readonly log: EventLog,
    private readonly snapshot: ReadSnapshot,
    private readonly namespace: Namespace,
    private readonly onError: (error: unknown) => void,
  ) {}

  /**
   * Sends everything after `cursor` (null: from a fresh snapshot), then lets the viewer join the live room in the tick in which it
   * is level.
   */
  async bringLevel(viewer: Viewer, from: number | null): Promise<void> {
    let cursor = from;
    while (viewer.isAttached) {
      await viewer.untilWritten();
      const isAnew: boolean = cursor === null;
      const after: number = cursor ?? (await this.resync(viewer));
      const known = this.knownSeq;
      const { events, isEnd }: ReadEvents = await this.log.readAfter(this.sessionId, after, ONE_MESSAGE);
      const found = await this.whatFollows(after, events);
      // Lost is a hole, too, but another page would be the same.
      if (found === 'hole' || (found === 'lost' && !isAnew)) {
        cursor = null;
        continue;
      }
      if (!viewer.isAttached) return;
      if (events.length > 0) viewer.socket.emit('session:events', { sessionId: this.sessionId, events });
      cursor = events.at(-1)?.seq ?? after;
      if (!isEnd) continue;
      if (known > cursor) this.forgetLost();
      else if (found === 'lost') this.bringOthersTo(cursor);
      if (this.join(viewer, cursor, events)) return;
    }
  }

  leave(viewer: Viewer): void {
    viewer.detach();
    void viewer.socket.leave(this.roomName);
    this.level.delete(viewer);
    if (this.level.size === 0) this.rest();
  }

  /** A batch from the live channel. An empty one says that the log was renumbered. */
  onPublished(json: string): void {
    const events = parsePublishedEvents(json);
    if (events.length === 0) {
      this.publishedSeq = 0;
      // Whoever waits at the very beginning has nothing that could be out of date.
      if (this.highestSeq !== 0) this.resyncAll();
      return;
    }
    this.publishedSeq = events.at(-1)?.seq ?? this.publishedSeq;
    if (this.highestSeq !== null && !this.accept(events, json.length)) this.catchUp();
  }

  /** The channel was away for a while: whatever was missed is in the log. */
  onGap(): void {
    this.catchUp();
  }

  /** The last number that anybody here has heard of. */
  private get knownSeq(): number {
    return Math.max(this.publishedSeq, this.highestSeq ?? 0);
  }

  /** The log ends before what was here already: Redis lost it. Whoever has it begins anew, as the log says. */
  private forgetLost(): void {
    this.publishedSeq = 0;
    this.resyncAll();
  }

  /** A page has what the log has lost: those who are level without it can't get there by the log. */
  private bringOthersTo(seq: number): void {
    if (this.highestSeq !== null && this.highestSeq < seq) this.resyncAll();
  }

  private get roomName(): string {
    return `live:${this.sessionId}`;
  }

  /**
   * Takes a viewer in if nothing newer is known here; what it has read is news to the others too. What was appended after its
   * read comes on the channel: before this moment it shows in `publishedSeq`, after it the viewer is in the room.
   */
  private join(viewer: Viewer, cursor: number, read: readonly SessionEvent[]): boolean {
    if (this.publishedSeq > cursor) return false;
    if (this.highestSeq !== null) {
      if (!this.accept(read, ONE_MESSAGE.bytes)) this.catchUp();
      this.flush();
      if (this.highestSeq > cursor) return false;
    }
    if (this.highestSeq === null || this.highestSeq === cursor) {
      this.highestSeq = cursor;
      this.level.add(viewer);
      void viewer.socket.join(this.roomName);
      return true;
    }
    return false;
  }

  /**
   * Takes the events that follow on what is known; false when there is a hole before them.
   * @param bytes how large they are at most
   */
  private accept(events: readonly SessionEvent[], bytes: number): boolean {
    if (this.pendingBytes + bytes > ONE_MESSAGE.bytes) this.flush();
    // Those who were slow have left with that, and may have been all.
    if (this.level.size === 0) return true;
    this.pendingBytes += bytes;
    for (const event of events) {
      const known = this.highestSeq ?? event.seq - 1;
      if (event.seq <= known) continue;
      if (event.seq !== known + 1) return false;
      this.highestSeq = event.seq;
      this.pending.push(event);
    }
    // Several batches of one tick travel as one message.
    if (this.pending.length > 0) this.flushing ??= setImmediate(() => this.flush());
    return true;
  }

  private flush(): void {
    if (this.flushing) clearImmediate(this.flushing);
    this.flushing = null;
    this.pendingBytes = 0;
    if (this.pending.length === 0) return;
    const events = this.pending;
    this.pending = [];
    this.namespace.local.to(this.roomName).emit('session:events', { sessionId: this.sessionId, events });
    for (const viewer of this.level) if (viewer.isSlow) this.serveFromLog(viewer, this.highestSeq);
  }

  private catchUp(): void {
    if (this.isCatchingUp || this.highestSeq === null) return;
    this.isCatchingUp = true;
    this.readMissing()
      .catch(this.onError)
      .finally(() => (this.isCatchingUp = false));
  }

  private async readMissing(): Promise<void> {
    while (this.highestSeq !== null) {
      const { events, isEnd } = await this.log.readAfter(this.sessionId, this.highestSeq, ONE_MESSAGE);
      if (!this.accept(events, ONE_MESSAGE.bytes)) return this.resyncAll();
      if (isEnd) return;
    }
  }

  private resyncAll(): void {
    for (const viewer of this.level) this.serveFromLog(viewer, null);
  }

  private serveFromLog(viewer: Viewer, cursor: number | null): void {
    this.level.delete(viewer);
    void viewer.socket.leave(this.roomName);
    if (this.level.size === 0) this.rest();
    this.bringLevel(viewer, cursor).catch(this.onError);
  }

  /** Nobody is level: what comes next is read from the log by whoever comes. */
  private rest(): void {
    this.highestSeq = null;
    this.pending = [];
    this.pendingBytes = 0;
  }

  private async resync(viewer: Viewer): Promise<number> {
    const { page, nextSeq, state } = await this.snapshot.of(this.sessionId);
    // It may have attached once more meanwhile: a page of before would take it back.
    if (viewer.isAttached) viewer.socket.emit('session:resync', { sessionId: this.sessionId, page, nextSeq, state });
    return nextSeq - 1;
  }

  /** `lost`: the log ends before the number, because Redis lost the rest. */
  private async whatFollows(after: number, [next]: readonly SessionEvent[]): Promise<'all' | 'hole' | 'lost'> {
    if (next) return next.seq === after + 1 ? 'all' : 'hole';
    const last = await this.log.lastSeq(this.sessionId);
    if (last <= after) return last < after ? 'lost' : 'all';
    // It is no longer in the log, or has come only now.
    return (await this.log.firstAfter(this.sessionId, after)) === null ? 'hole' : 'all';
  }
}
