import type { SessionEvent } from '@pizzapi/protocol';
import type { Namespace } from 'socket.io';
import { type EventLog, parsePublishedEvents, type ReadEvents } from '../../sessions/index.js';
import type { ReadSnapshot } from './read-snapshot.js';
import type { Viewer } from './viewer.js';

/** The maximum that is read at once, and sent as one message. */
const ONE_MESSAGE = { count: 500, bytes: 1024 * 1024 };

/**
 * One watched session on this replica. Viewers that are level (up to date) get what arrives on the live channel, encoded once for all of
 * them. A viewer that is not, because it has just attached or its network is slow, catches up from the log, which always decides in doubt.
 */
export class SessionRoom {
  private readonly level = new Set<Viewer>();
  private pending: SessionEvent[] = [];
  private pendingBytes = 0;
  /** The last number that level viewers have or that is in `pending`; null while no viewer is level. */
  private highestSeq: number | null = null;
  /** The last number received on the live channel, whether or not any viewer is level. */
  private publishedSeq = 0;
  private flushing: NodeJS.Immediate | null = null;
  private isCatchingUp = false;
  private isToCatchUpAgain = false;
  /** How often something came on the live channel that could not be read: its events are in the log only. */
  private unreadable = 0;

  constructor(
    private readonly sessionId: string,
    private readonly log: EventLog,
    private readonly snapshot: ReadSnapshot,
    private readonly namespace: Namespace,
    /** A viewer could not be given what it misses. */
    private readonly onError: (viewer: Viewer, error: unknown) => void,
  ) {}

  /**
   * Sends everything after `from` (null: a new snapshot first), then lets the viewer join the live room in the same tick in which it
   * becomes level.
   */
  async bringLevel(viewer: Viewer, from: number | null): Promise<void> {
    let cursor = from;
    while (viewer.isAttached) {
      await viewer.untilWritten();
      const isAnew: boolean = cursor === null;
      const after: number = cursor ?? (await this.resync(viewer));
      const [known, unreadable] = [this.knownSeq, this.unreadable];
      const { events, isEnd }: ReadEvents = await this.log.readAfter(this.sessionId, after, ONE_MESSAGE);
      const found = await this.whatFollows(after, events);
      // After a new page, reading another one would not help against loss.
      if (found === 'gap' || (found === 'lost' && !isAnew)) {
        cursor = null;
        continue;
      }
      if (!viewer.isAttached) return;
      if (events.length > 0) viewer.socket.emit('session:events', { sessionId: this.sessionId, events });
      cursor = events.at(-1)?.seq ?? after;
      if (!isEnd) continue;
      if (known > cursor) this.forgetLost();
      else if (found === 'lost') this.bringOthersTo(cursor);
      if (unreadable === this.unreadable && this.join(viewer, cursor, events)) return;
    }
  }

  leave(viewer: Viewer): void {
    viewer.detach();
    void viewer.socket.leave(this.roomName);
    this.level.delete(viewer);
    if (this.level.size === 0) this.rest();
  }

  /** Takes a batch from the live channel. An empty one means that the log was renumbered. */
  onPublished(json: string): void {
    const events = parsePublishedEvents(json);
    if (events === null) {
      this.unreadable++;
      this.catchUp();
      return;
    }
    if (events.length === 0) {
      this.publishedSeq = 0;
      // Viewers at the very beginning have nothing that could be outdated.
      if (this.highestSeq !== 0) this.resyncAll();
      return;
    }
    this.publishedSeq = events.at(-1)?.seq ?? this.publishedSeq;
    if (this.highestSeq !== null && !this.accept(events, json.length)) this.catchUp();
  }

  /** The channel was interrupted: missed events are read from the log. */
  onGap(): void {
    this.catchUp();
  }

  /** The last number known on this replica. */
  private get knownSeq(): number {
    return Math.max(this.publishedSeq, this.highestSeq ?? 0);
  }

  /** The log ends before events that viewers already have, so Redis has lost them. These viewers start again from the log. */
  private forgetLost(): void {
    this.publishedSeq = 0;
    this.resyncAll();
  }

  /** The transcript has events that the log has lost. Level viewers without them cannot get them from the log, so they start again. */
  private bringOthersTo(seq: number): void {
    if (this.highestSeq !== null && this.highestSeq < seq) this.resyncAll();
  }

  private get roomName(): string {
    return `live:${this.sessionId}`;
  }

  /**
   * Lets a viewer join if nothing newer is known here, and passes events that it has read on to the others. Events appended after its
   * read come on the channel: either they have arrived, which `publishedSeq` shows, or they will when the viewer is in the room.
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
   * Takes the events that follow the known ones.
   * @param bytes the maximum size of the events
   * @returns false if there is a gap before them
   */
  private accept(events: readonly SessionEvent[], bytes: number): boolean {
    if (this.pendingBytes + bytes > ONE_MESSAGE.bytes) this.flush();
    // Flushing removes slow viewers, which may have been all.
    if (this.level.size === 0) return true;
    this.pendingBytes += bytes;
    for (const event of events) {
      const known = this.highestSeq ?? event.seq - 1;
      if (event.seq <= known) continue;
      if (event.seq !== known + 1) return false;
      this.highestSeq = event.seq;
      this.pending.push(event);
    }
    // Batches of the same tick are sent as one message.
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
    if (this.highestSeq === null) return;
    // What is being read now may have been asked for before that was there.
    this.isToCatchUpAgain = true;
    if (this.isCatchingUp) return;
    this.isCatchingUp = true;
    this.readMissing()
      .catch((error: unknown) => {
        for (const viewer of this.level) this.onError(viewer, error);
      })
      .finally(() => (this.isCatchingUp = false));
  }

  private async readMissing(): Promise<void> {
    while (this.highestSeq !== null) {
      this.isToCatchUpAgain = false;
      const { events, isEnd } = await this.log.readAfter(this.sessionId, this.highestSeq, ONE_MESSAGE);
      if (!this.accept(events, ONE_MESSAGE.bytes)) return this.resyncAll();
      if (isEnd && !this.isToCatchUpAgain) return;
    }
  }

  private resyncAll(): void {
    for (const viewer of this.level) this.serveFromLog(viewer, null);
  }

  private serveFromLog(viewer: Viewer, cursor: number | null): void {
    this.level.delete(viewer);
    void viewer.socket.leave(this.roomName);
    if (this.level.size === 0) this.rest();
    this.bringLevel(viewer, cursor).catch((error: unknown) => this.onError(viewer, error));
  }

  /** No viewer is level any more: those that attach read further events from the log. */
  private rest(): void {
    this.highestSeq = null;
    this.pending = [];
    this.pendingBytes = 0;
  }

  private async resync(viewer: Viewer): Promise<number> {
    const { page, nextSeq, state } = await this.snapshot.of(this.sessionId);
    // It may have attached again in the meantime, and an older page would set it back.
    if (viewer.isAttached) viewer.socket.emit('session:resync', { sessionId: this.sessionId, page, nextSeq, state });
    return nextSeq - 1;
  }

  /** What the log has after a number. `lost`: it ends before that number, because Redis has lost the rest. */
  private async whatFollows(after: number, [next]: readonly SessionEvent[]): Promise<'all' | 'gap' | 'lost'> {
    if (next) return next.seq === after + 1 ? 'all' : 'gap';
    const last = await this.log.lastSeq(this.sessionId);
    if (last <= after) return last < after ? 'lost' : 'all';
    // The next event was trimmed, or was appended only after the first read.
    return (await this.log.firstAfter(this.sessionId, after)) === null ? 'gap' : 'all';
  }
}
