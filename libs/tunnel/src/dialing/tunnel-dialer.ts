import { setTimeout as pause } from 'node:timers/promises';
import { AnsweringEnd, type AnsweringOptions, type StreamHandler } from '../answering/answering-end.js';
import type { SocketForm } from '../socket/opened-socket.js';
import { TunnelSocket } from '../socket/tunnel-socket.js';

/** Pauses between attempts, which grow until they begin anew. */
export interface Pauses {
  nextMs(): number;
  reset(): void;
}

export interface DialerOptions extends AnsweringOptions {
  /** `ws:`, `wss:`, `http:` or `https:`, with the path. */
  url: string;
  /** Headers that say who dials, asked for anew with each attempt. */
  credentials: () => Promise<Record<string, string>>;
  handler: StreamHandler;
  onOpen?: (form: SocketForm) => void;
  /** The connection in use ended; the next attempt is already under way. */
  onClosed?: (reason: string) => void;
  /** An attempt failed: `DialRefusedError`, or the error of credentials or connection. */
  onFailed?: (error: unknown) => void;
  /** Each should have chance in it, so that many dialers do not come back at once. */
  pauses: Pauses;
  pingIntervalMs?: number;
  /** Default 15 s. */
  handshakeTimeoutMs?: number;
}

/** A connection that held so long was a good one: what ends it afterwards is news, not the same trouble again. */
const STEADY_MS = 1_000;

/** Keeps one answering end connected, for as long as it takes. */
export class TunnelDialer {
  private readonly ends = new Set<AnsweringEnd>();
  private readonly stopped = new AbortController();
  private current: AnsweringEnd | null = null;
  private running: Promise<void> | null = null;
  /** Ends the pause before the next attempt. */
  private wake: (() => void) | null = null;

  constructor(private readonly options: DialerOptions) {}

  get isOpen(): boolean {
    return this.current !== null;
  }

  /** Dials from now on. Again: the other end is known to be there, so the next attempt need not wait for its time. */
  open(): void {
    this.running ??= this.keepConnected();
    if (this.wake === null) return;
    this.options.pauses.reset();
    this.wake();
  }

  /** Answers what has been asked, for at most so long, and ends all connections. */
  async close(graceMs: number): Promise<void> {
    this.stopped.abort();
    await Promise.all([this.running, ...[...this.ends].map((end) => end.drain(graceMs))]);
  }

  private async keepConnected(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      try {
        await this.connectOnce();
      } catch (error) {
        if (this.stopped.signal.aborted) return;
        this.options.onFailed?.(error);
        await this.rest();
      }
    }
  }

  /** Returns when another connection is needed. */
  private async connectOnce(): Promise<void> {
    const { url, credentials, handler, onOpen, onClosed } = this.options;
    const headers = await credentials();
    const socket = await TunnelSocket.dial(url, { ...this.options, headers, signal: this.stopped.signal });
    const end = AnsweringEnd.over(socket, handler, this.options);
    const since = performance.now();
    this.ends.add(end);
    this.current = end;
    const closed = end.closed.then((reason) => {
      this.ends.delete(end);
      if (this.current !== end) return;
      this.current = null;
      onClosed?.(reason);
    });
    if (this.stopped.signal.aborted) return end.destroy('stopped');
    onOpen?.(socket.form);
    await Promise.race([closed, end.successorWanted]);
    const wasSteady = performance.now() - since > STEADY_MS;
    if (wasSteady) this.options.pauses.reset();
    // A relay that drains is still there: nothing is gained by a pause.
    if (!wasSteady || !socket.isOpen) await this.rest();
  }

  private async rest(): Promise<void> {
    const called = new AbortController();
    this.wake = () => called.abort();
    try {
      await pause(this.options.pauses.nextMs(), undefined, {
        signal: AbortSignal.any([this.stopped.signal, called.signal]),
      });
    } catch {
      // Stopped, which the loop sees, or called.
    } finally {
      this.wake = null;
    }
  }
}
