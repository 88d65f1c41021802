import { io, type Socket } from 'socket.io-client';
import { Backoff } from '../retry/backoff.js';
import { reasonOf, refusalOf, type Refusal } from './refusal.js';

/** What a connection shows of itself; made anew for each attempt, since a worker's token lives for minutes. */
export interface Credentials {
  auth: Record<string, unknown>;
  headers?: Record<string, string>;
}

export interface RelayLinkOptions {
  credentials: () => Promise<Credentials>;
  /** Every established connection, also after an interruption. */
  onConnect: () => void;
  onDisconnect: (reason: string) => void;
  /** The relay said no (bad key, too old a protocol). The link goes on trying at the slow pace. */
  onRefused: (refusal: Refusal) => void;
  /** No answer, or no credentials at the moment; said for the log only. */
  onUnreachable: (error: Error) => void;
  fastBackoff?: Backoff;
  slowBackoff?: Backoff;
}

/** The part of a typed Socket.IO socket that its life depends on. */
export interface LinkedSocket {
  on(event: 'connect', listener: () => void): unknown;
  on(event: 'disconnect', listener: (reason: string) => void): unknown;
  on(event: 'connect_error', listener: (error: Error) => void): unknown;
  connect(): unknown;
  disconnect(): unknown;
  readonly connected: boolean;
  auth: Record<string, unknown> | ((answer: (data: object) => void) => void);
  readonly io: { opts: { extraHeaders?: Record<string, string> } };
}

/** A socket that connects only when its {@link RelayLink} says so. WebSocket only: no replica needs sticky sessions. */
export function createSocket(relayUrl: string, namespace: string): Socket {
  return io(relayUrl + namespace, {
    transports: ['websocket'],
    autoConnect: false,
    reconnection: false,
    forceNew: true,
    timeout: 10_000,
  });
}

/**
 * Keeps a socket connected and never gives up: jittered backoff, fresh credentials for each attempt, and a slow pace
 * while the relay refuses them. Socket.IO's own reconnection is off, since it stops after a refusal.
 */
export class RelayLink {
  private readonly fast: Backoff;
  private readonly slow: Backoff;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(
    private readonly socket: LinkedSocket,
    private readonly options: RelayLinkOptions,
  ) {
    this.fast = options.fastBackoff ?? new Backoff({ firstMs: 200, maxMs: 5_000 });
    this.slow = options.slowBackoff ?? new Backoff({ firstMs: 5_000, maxMs: 60_000 });
    this.listen();
  }

  open(): void {
    this.connectIn(0);
  }

  /** Ends the connection for good. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.socket.disconnect();
  }

  /** Drops a connection that no longer makes sense, and connects again soon. */
  restart(): void {
    if (this.socket.connected) this.socket.disconnect();
    else this.connectIn(0);
  }

  private listen(): void {
    this.socket.on('connect', () => {
      this.fast.reset();
      this.slow.reset();
      this.options.onConnect();
    });
    this.socket.on('disconnect', (reason) => {
      this.options.onDisconnect(reason);
      this.connectIn(this.fast.nextMs());
    });
    this.socket.on('connect_error', (error) => {
      const refusal = refusalOf(error);
      if (refusal) this.options.onRefused(refusal);
      else this.options.onUnreachable(new Error(reasonOf(error), { cause: error }));
      this.connectIn((refusal ? this.slow : this.fast).nextMs());
    });
  }

  private connectIn(delayMs: number): void {
    if (this.isClosed) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.connect(), delayMs);
  }

  private async connect(): Promise<void> {
    try {
      const { auth, headers } = await this.options.credentials();
      if (this.isClosed || this.socket.connected) return;
      this.socket.auth = auth;
      this.socket.io.opts.extraHeaders = headers ?? {};
      this.socket.connect();
    } catch (error) {
      this.options.onUnreachable(error instanceof Error ? error : new Error(String(error)));
      this.connectIn(this.fast.nextMs());
    }
  }
}
