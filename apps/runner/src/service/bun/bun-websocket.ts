import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';

/** The `websocket` option of `Bun.serve`. */
export interface BunSocketHandlers {
  open?: (socket: BunWebSocket) => unknown;
  message?: (socket: BunWebSocket, message: string | Buffer) => unknown;
  close?: (socket: BunWebSocket, code: number, reason: string) => unknown;
  ping?: (socket: BunWebSocket, data: Buffer) => unknown;
  pong?: (socket: BunWebSocket, data: Buffer) => unknown;
}

type Payload = string | ArrayBuffer | Uint8Array;

/** Bun's `ServerWebSocket` over one of `ws`. */
export class BunWebSocket {
  /** Of a client: what `server.upgrade` was given. */
  data: unknown;
  readonly remoteAddress: string;
  private readonly topics = new Set<string>();

  constructor(
    private readonly socket: WebSocket,
    private readonly room: BunSockets,
    request: IncomingMessage,
    data: unknown,
  ) {
    this.data = data;
    this.remoteAddress = request.socket.remoteAddress ?? '';
  }

  get readyState(): number {
    return this.socket.readyState;
  }

  /** Bytes sent; 0 when the socket is no longer open. */
  send(payload: Payload, _compress?: boolean): number {
    if (this.socket.readyState !== this.socket.OPEN) return 0;
    this.socket.send(payload);
    return typeof payload === 'string' ? Buffer.byteLength(payload) : payload.byteLength;
  }

  sendText(payload: string): number {
    return this.send(payload);
  }

  sendBinary(payload: ArrayBuffer | Uint8Array): number {
    return this.send(payload);
  }

  close(code?: number, reason?: string): void {
    this.socket.close(code, reason);
  }

  terminate(): void {
    this.socket.terminate();
  }

  ping(data?: Payload): void {
    this.socket.ping(data);
  }

  pong(data?: Payload): void {
    this.socket.pong(data);
  }

  subscribe(topic: string): void {
    this.topics.add(topic);
  }

  unsubscribe(topic: string): void {
    this.topics.delete(topic);
  }

  isSubscribed(topic: string): boolean {
    return this.topics.has(topic);
  }

  /** To the others that subscribed to the topic. */
  publish(topic: string, payload: Payload): number {
    return this.room.publish(topic, payload, this);
  }

  cork<T>(use: (socket: this) => T): T {
    return use(this);
  }
}

/** The WebSockets of one `Bun.serve`. */
export class BunSockets {
  private readonly server = new WebSocketServer({ noServer: true, clientTracking: false });
  private readonly open = new Set<BunWebSocket>();

  constructor(private readonly handlers: () => BunSocketHandlers) {}

  get size(): number {
    return this.open.size;
  }

  /** Answers an upgrade request with "yes". */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, { data, headers }: Acceptance): void {
    const lines = [...new Headers(headers)].map(([name, value]) => `${name}: ${value}`);
    const add = (answer: string[]): void => void answer.push(...lines);
    // Only now: a request that turns out to be no handshake must not leave its headers to the next one.
    this.server.on('headers', add);
    this.server.handleUpgrade(request, socket, head, (client) => this.serve(client, request, data));
    this.server.off('headers', add);
  }

  publish(topic: string, payload: Payload, except?: BunWebSocket): number {
    const others = [...this.open].filter((socket) => socket !== except && socket.isSubscribed(topic));
    return others.reduce((sent, socket) => sent + socket.send(payload), 0);
  }

  closeAll(): void {
    for (const socket of this.open) socket.terminate();
  }

  private serve(client: WebSocket, request: IncomingMessage, data: unknown): void {
    const socket = new BunWebSocket(client, this, request, data);
    this.open.add(socket);
    client.on('message', (message, isBinary) => {
      const bytes = bytesOf(message);
      logged(() => this.handlers().message?.(socket, isBinary ? bytes : bytes.toString()));
    });
    client.on('ping', (payload) => logged(() => this.handlers().ping?.(socket, payload)));
    client.on('pong', (payload) => logged(() => this.handlers().pong?.(socket, payload)));
    client.on('error', () => undefined); // `close` follows, and says with which code
    client.on('close', (code, reason) => {
      this.open.delete(socket);
      logged(() => this.handlers().close?.(socket, code, reason.toString()));
    });
    logged(() => this.handlers().open?.(socket));
  }
}

/** What a handler throws costs its message, as in Bun, and not the service. */
function logged(handle: () => unknown): void {
  const attempt = async (): Promise<void> => void (await handle());
  void attempt().catch((error: unknown) => console.error(error));
}

/** What `server.upgrade` was given. */
export interface Acceptance {
  data?: unknown;
  headers?: ConstructorParameters<typeof Headers>[0];
}

function bytesOf(message: RawData): Buffer {
  if (Array.isArray(message)) return Buffer.concat(message);
  return Buffer.isBuffer(message) ? message : Buffer.from(message);
}
