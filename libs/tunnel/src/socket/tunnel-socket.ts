import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { ByteStream, NORMAL_CLOSE } from './byte-stream.js';
import { DialRefusedError } from './dial-refused-error.js';
import { Heartbeat } from './heartbeat.js';

/** The only text message there is: whoever dialled is to dial again, because this connection will end. */
const DIAL_AGAIN = 'dial-again';
const DEFAULT_PING_INTERVAL_MS = 15_000;
const DEFAULT_HANDSHAKE_TIMEOUT_MS = 15_000;
const GOING_AWAY = 1001;
/** A batch is cut into messages of one frame each or less; a longer message is not ours. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

export interface SocketOptions {
  /** Silence that makes a ping; twice the silence ends the connection. Default 15 s. */
  pingIntervalMs?: number;
}

export interface DialOptions extends SocketOptions {
  headers?: Record<string, string>;
  /** Default 15 s. */
  handshakeTimeoutMs?: number;
  signal?: AbortSignal;
}

/** A WebSocket that carries a tunnel. It knows nothing of who asks and who answers. */
export class TunnelSocket {
  /** What HTTP/2 runs on. */
  readonly bytes: ByteStream;
  /** Settles when the connection is over, with what ended it. */
  readonly closed: Promise<string>;
  /** Settles when the other end wishes a new connection. Never settles on a connection that was accepted. */
  readonly successorWanted: Promise<void>;
  private reason: string | null = null;
  private closedInOrder = false;

  private constructor(
    private readonly socket: WebSocket,
    carrier: Duplex,
    { pingIntervalMs = DEFAULT_PING_INTERVAL_MS }: SocketOptions,
  ) {
    const closed = Promise.withResolvers<string>();
    const successorWanted = Promise.withResolvers<void>();
    this.closed = closed.promise;
    this.successorWanted = successorWanted.promise;
    this.bytes = new ByteStream(socket, carrier);
    new Heartbeat(socket, () => this.terminate('the other end has fallen silent'), pingIntervalMs);
    socket.on('message', (data, isBinary) => {
      if (!isBinary && Buffer.isBuffer(data) && data.toString() === DIAL_AGAIN) successorWanted.resolve();
    });
    socket.on('error', (error) => (this.reason ??= error.message));
    socket.once('close', (code, text) => {
      this.closedInOrder = code === NORMAL_CLOSE;
      closed.resolve(this.reason ?? closeText(code, text.toString()));
    });
  }

  /** Answers an upgrade request, whose credentials have been checked. */
  static accept(
    request: IncomingMessage,
    carrier: Duplex,
    head: Buffer,
    options: SocketOptions = {},
  ): Promise<TunnelSocket> {
    return new Promise((resolve, reject) => {
      carrier.once('close', () => reject(new Error('The connection ended before it was accepted.')));
      acceptor.handleUpgrade(request, carrier, head, (socket) => resolve(new TunnelSocket(socket, carrier, options)));
    });
  }

  /**
   * @param url `ws:`, `wss:`, `http:` or `https:`
   * @throws DialRefusedError when what is there answers, but takes no tunnel; else the error of the connection
   */
  static dial(url: string, options: DialOptions = {}): Promise<TunnelSocket> {
    const { headers, handshakeTimeoutMs = DEFAULT_HANDSHAKE_TIMEOUT_MS, signal } = options;
    const { promise, resolve, reject } = Promise.withResolvers<TunnelSocket>();
    const socket = new WebSocket(url, {
      headers,
      handshakeTimeout: handshakeTimeoutMs,
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
      ...(isPrivate(url) && { generateMask: noMask }),
    });
    const giveUp = (): void => socket.terminate();
    signal?.addEventListener('abort', giveUp);
    const settle = (): void => signal?.removeEventListener('abort', giveUp);
    socket.once('upgrade', ({ socket: carrier }) =>
      socket.once('open', () => (settle(), resolve(new TunnelSocket(socket, carrier, options)))),
    );
    socket.on('unexpected-response', (_request, response) => {
      DialRefusedError.from(response).then(reject, reject).finally(giveUp);
    });
    socket.on('error', (error) => (settle(), reject(error)));
    return promise;
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Whether it ended because HTTP/2 had come to its end on it: what had no answer then, the other end has not seen. */
  get hasEndedInOrder(): boolean {
    return this.closedInOrder;
  }

  /** Asks the end that dialled for a new connection. This one goes on until its work is done. */
  wishSuccessor(): void {
    if (this.isOpen) this.socket.send(DIAL_AGAIN);
  }

  /** Ends the connection in good order. What is on its way is lost. */
  close(reason: string): void {
    this.reason ??= reason;
    this.socket.close(GOING_AWAY, reason.slice(0, 100));
  }

  /** Ends it at once. */
  terminate(reason: string): void {
    this.reason ??= reason;
    this.socket.terminate();
  }
}

const acceptor = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES });

/** Masks protect old proxies from what a page's script sends; there is none between here and there. */
function isPrivate(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'wss:' || protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

/** `ws` skips the work of masking when the mask is zero. */
function noMask(mask: Buffer): void {
  mask.fill(0);
}

function closeText(code: number, reason: string): string {
  if (reason !== '') return reason;
  return code === 1006 ? 'the connection was cut off' : `closed with ${code}`;
}
