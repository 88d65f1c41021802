import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { isUnmasked } from './forms/masks.js';
import { acceptMessages, dialMessages } from './forms/message-form.js';
import { acceptStream, asksForStream, dialStream, NoStreamError } from './forms/stream-form.js';
import type { DialOptions, OpenedSocket, SocketForm, SocketOptions } from './opened-socket.js';

const DEFAULT_PING_INTERVAL_MS = 15_000;
const DEFAULT_HANDSHAKE_TIMEOUT_MS = 15_000;

/** Hosts to which a stream did not get through, and messages, tried right after, did. */
const withoutStreams = new Set<string>();

/** A WebSocket that carries a tunnel. It knows nothing of who asks and who answers. */
export class TunnelSocket {
  readonly form: SocketForm;
  /** What HTTP/2 runs on. */
  readonly bytes: Duplex;
  readonly pingIntervalMs: number;
  /** Settles when the connection is over, with what ended it. */
  readonly closed: Promise<string>;
  private reason: string | null = null;

  private constructor(
    private readonly opened: OpenedSocket,
    { pingIntervalMs = DEFAULT_PING_INTERVAL_MS }: SocketOptions,
  ) {
    const { form, bytes } = opened;
    this.form = form;
    this.bytes = bytes;
    this.pingIntervalMs = pingIntervalMs;
    bytes.on('error', (error: Error) => (this.reason ??= error.message));
    this.closed = new Promise((resolve) =>
      bytes.once('close', () => resolve(this.reason ?? 'the connection was cut off')),
    );
  }

  /** Answers an upgrade request, whose credentials have been checked. */
  static async accept(
    request: IncomingMessage,
    carrier: Duplex,
    head: Buffer,
    options: SocketOptions = {},
  ): Promise<TunnelSocket> {
    const { handshakeTimeoutMs = DEFAULT_HANDSHAKE_TIMEOUT_MS } = options;
    if (!(carrier instanceof Socket)) throw new Error('A tunnel needs a connection of the system.');
    const opened = asksForStream(request)
      ? await acceptStream(request, carrier, head, handshakeTimeoutMs)
      : await acceptMessages(request, carrier, head);
    return new TunnelSocket(opened, options);
  }

  /**
   * @param url `ws:`, `wss:`, `http:` or `https:`
   * @throws DialRefusedError when what is there answers, but takes no tunnel; else the error of the connection
   */
  static async dial(url: string, options: DialOptions = {}): Promise<TunnelSocket> {
    const { handshakeTimeoutMs = DEFAULT_HANDSHAKE_TIMEOUT_MS } = options;
    return new TunnelSocket(await dial(url, { ...options, handshakeTimeoutMs }), options);
  }

  get isOpen(): boolean {
    return !this.bytes.destroyed && this.bytes.writable;
  }

  /** What has come so far, the smallest sign of life included. */
  get bytesRead(): number {
    return this.opened.carrier.bytesRead;
  }

  /** Whether a sign of life would be seen. */
  get reads(): boolean {
    return this.opened.reads();
  }

  /** Ends it at once. */
  terminate(reason: string): void {
    this.reason ??= reason;
    this.bytes.destroy();
  }
}

async function dial(url: string, options: DialOptions & { handshakeTimeoutMs: number }): Promise<OpenedSocket> {
  const { host } = new URL(url);
  if (!isUnmasked(url) || withoutStreams.has(host)) return dialMessages(url, options);
  try {
    return await dialStream(url, options);
  } catch (error) {
    if (!(error instanceof NoStreamError)) throw error;
    const opened = await dialMessages(url, options);
    withoutStreams.add(host);
    return opened;
  }
}
