import type { RelayToViewer, SessionEvent, SocketAnswer, ViewerAttach } from '@pizzapi/protocol';
import {
  isDeliveriesChange,
  isDetachedMessage,
  isEventsMessage,
  isResyncMessage,
  isViewersMessage,
} from './message-shapes';
import { perFrame, type Schedule } from './session-feed-frames';
import { publishCounts } from './session-feed-registry';
import { type FeedCounts, SequenceGate } from './session-feed-sequence';

/** What a feed needs of the /viewer socket. */
export interface ViewerPort {
  readonly connected: boolean;
  on(event: 'connect', listener: () => void): unknown;
  on<E extends keyof RelayToViewer>(event: E, listener: RelayToViewer[E]): unknown;
  off(event: 'connect', listener: () => void): unknown;
  off<E extends keyof RelayToViewer>(event: E, listener: RelayToViewer[E]): unknown;
  attach(message: ViewerAttach): Promise<SocketAnswer>;
  detach(sessionId: string): void;
  /** A message came that this console can't read; it was dropped. */
  dropped(): void;
}
/** A page to start over from, with the session's state at that point. */
export type Resync = Parameters<RelayToViewer['session:resync']>[0];
/**
 * Where a feed delivers, in order: pages, then the events that follow them, at most once per frame. Events up to the end of the page, which
 * are told again for what is still in progress, come together with those after it: alone they would show the past.
 */
export interface FeedSink {
  resynced(resync: Resync): void;
  applied(events: readonly SessionEvent[]): void;
  viewersChanged(viewers: { userId: string; name: string }[]): void;
  /** What waits for the session at the relay may have changed; also after every attachment. */
  deliveriesChanged(): void;
  detached(code: string, detail: string): void;
}

const RETRY_MS = 2000;
const RETRY_AT_MOST_MS = 60_000;
/** Answers after which attaching again is useless. */
const FINAL_CODES = new Set(['not_found', 'forbidden', 'unauthenticated']);

/**
 * One session's events, each number once and in order. It keeps its cursor over disconnects and sleep, attaches anew
 * from it after every connect and at every hole, and drops what it has.
 */
export class SessionFeed {
  private readonly gate = new SequenceGate();
  private pending: SessionEvent[] = [];
  /** The number of the page's last entry: events before it wait for it. */
  private toldUpTo = 0;
  private cancelFlush: (() => void) | null = null;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private isOpen = false;
  /** Answers to attachments before the latest one are ignored. */
  private attempt = 0;
  private isAttaching = false;
  /** A message was dropped since the latest attachment: asking again at once would not fill the hole it left. */
  private hasDropped = false;
  /** How often a message was dropped since anything could be read: each time it is asked for later. */
  private drops = 0;
  /** The highest number that has come behind a hole. */
  private heardOf = 0;
  /** It is to attach again when {@link retryTimer} fires, whether or not anything is missing by then. */
  private mustAttach = false;

  constructor(
    private readonly port: ViewerPort,
    private readonly sessionId: string,
    private readonly sink: FeedSink,
    private readonly schedule: Schedule = perFrame,
  ) {}

  get counts(): FeedCounts {
    return this.gate.counts;
  }

  /** Attaches now or as soon as there is a connection. */
  open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    publishCounts(this.sessionId, this.gate);
    this.port.on('connect', this.onConnect);
    this.port.on('session:events', this.onEvents);
    this.port.on('session:resync', this.onResync);
    this.port.on('session:viewers', this.onViewers);
    this.port.on('session:deliveries-changed', this.onDeliveries);
    this.port.on('session:detached', this.onDetached);
    if (this.port.connected) void this.attach();
  }

  /** Detaches; the cursor stays, so that `open` goes on from here. */
  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.attempt += 1;
    this.cancelRetry();
    this.flush();
    this.port.off('connect', this.onConnect);
    this.port.off('session:events', this.onEvents);
    this.port.off('session:resync', this.onResync);
    this.port.off('session:viewers', this.onViewers);
    this.port.off('session:deliveries-changed', this.onDeliveries);
    this.port.off('session:detached', this.onDetached);
    if (this.port.connected) this.port.detach(this.sessionId);
  }

  /** Asks for the end of the conversation anew. */
  restart(): void {
    this.deliver();
    this.gate.forget();
    this.heardOf = 0;
    if (this.isOpen && this.port.connected) void this.attach();
  }

  private readonly onConnect = (): void => void this.attach();

  private readonly onEvents = (message: unknown): void => {
    if (!isEventsMessage(message)) return this.drop();
    if (message.sessionId !== this.sessionId) return;
    const { fresh, hasGap } = this.gate.take(message.events);
    for (const event of fresh) this.pending.push(event);
    if (fresh.length > 0) {
      this.drops = 0;
      this.cancelFlush ??= this.schedule(() => this.flush());
    }
    if (!hasGap) return;
    this.heardOf = Math.max(this.heardOf, message.events.at(-1)?.seq ?? 0);
    // While it attaches, this may be the end of what came by the attachment before: see there.
    if (!this.hasDropped && !this.isAttaching) void this.attach();
  };

  private readonly onResync = (resync: unknown): void => {
    if (!isResyncMessage(resync)) return this.drop();
    if (resync.sessionId !== this.sessionId) return;
    this.deliver();
    this.gate.restart(resync.nextSeq);
    this.drops = 0;
    this.heardOf = 0;
    this.toldUpTo = resync.page.lastSeq;
    this.sink.resynced(resync);
  };

  private readonly onViewers = (message: unknown): void => {
    if (!isViewersMessage(message)) return this.port.dropped();
    if (message.sessionId === this.sessionId) this.sink.viewersChanged(message.viewers);
  };

  private readonly onDeliveries = (message: unknown): void => {
    if (!isDeliveriesChange(message)) return this.port.dropped();
    if (message.sessionId === this.sessionId) this.sink.deliveriesChanged();
  };

  private readonly onDetached = (message: unknown): void => {
    if (!isDetachedMessage(message)) return this.port.dropped();
    if (message.sessionId === this.sessionId) this.sink.detached(message.code, message.detail);
  };

  /** Whatever it told is missing now, also if nothing comes after it. */
  private drop(): void {
    this.port.dropped();
    if (this.hasDropped) return;
    this.hasDropped = true;
    this.mustAttach = true;
    this.attachLater(Math.min(RETRY_MS * 2 ** this.drops++, RETRY_AT_MOST_MS));
  }

  /** What comes in the meantime does not put it off. */
  private attachLater(delayMs = RETRY_MS): void {
    this.retryTimer ??= setTimeout(() => {
      this.retryTimer = undefined;
      if (this.port.connected && (this.mustAttach || this.isBehind)) void this.attach();
    }, delayMs);
  }

  private cancelRetry(): void {
    clearTimeout(this.retryTimer);
    this.retryTimer = undefined;
    this.mustAttach = false;
  }

  /** Something that came behind a hole has not come again. */
  private get isBehind(): boolean {
    return this.heardOf > (this.gate.cursor ?? 0);
  }

  /** Delivers what is pending, unless it ends before the page does. */
  private flush(): void {
    if ((this.pending.at(-1)?.seq ?? 0) >= this.toldUpTo) return this.deliver();
    this.cancelFlush?.();
    this.cancelFlush = null;
  }

  private deliver(): void {
    this.cancelFlush?.();
    this.cancelFlush = null;
    if (this.pending.length === 0) return;
    const events = this.pending;
    this.pending = [];
    this.sink.applied(events);
  }

  private async attach(): Promise<void> {
    const attempt = ++this.attempt;
    this.cancelRetry();
    this.isAttaching = true;
    this.hasDropped = false;
    this.gate.countAttach();
    const answer = await this.port
      .attach({ sessionId: this.sessionId, afterSeq: this.gate.cursor })
      // No answer in time: the connection is gone or the relay is busy. Either way, try again.
      .catch((): null => null);
    if (attempt !== this.attempt) return;
    this.isAttaching = false;
    if (answer?.ok === true) {
      // What is missing usually comes right after the answer.
      if (this.isBehind) this.attachLater();
      return;
    }
    if (answer !== null && FINAL_CODES.has(answer.problem.code)) {
      this.sink.detached(answer.problem.code, answer.problem.detail);
    } else {
      this.mustAttach = true;
      this.attachLater();
    }
  }
}
