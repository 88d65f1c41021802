import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants, type Settings } from 'node:http2';
import { letGo } from '../flow/let-go.js';
import { DEFAULT_WINDOW_BUDGET_BYTES, WindowBudget } from '../flow/window-budget.js';
import { uploadAhead } from '../flow/upload-ahead.js';
import { hasBody, mayHaveTrailers } from '../http/body.js';
import {
  DEFAULT_MAX_STREAMS,
  localSettings,
  SESSION_WINDOW_BYTES,
  sessionOptions,
  successorWish,
} from '../settings.js';
import { Heartbeat } from '../socket/heartbeat.js';
import type { TunnelSocket } from '../socket/tunnel-socket.js';
import { TunnelError } from '../tunnel-error.js';
import { readAnswer, type TunnelAnswer, type TunnelCall } from './call.js';
import type { ExchangeEnd, RequestExchange, UpgradeExchange } from './exchange.js';
import { RequestCarrier } from './request-carrier.js';
import { requestHead, upgradeHead } from './stream-head.js';
import { UpgradeCarrier } from './upgrade-carrier.js';

export interface AskingOptions {
  /** Requests at once; above it they are refused as `busy`. Default 4096; more than the other end takes has no effect. */
  maxStreams?: number;
  /** Requests in the life of the connection, after which it wishes a successor. HTTP/2 has ids for 2^30. */
  maxRequests?: number;
  /** What slow readers of this end may hold in memory, all together. Default 64 MiB. */
  windowBudgetBytes?: number;
}

const DEFAULT_MAX_REQUESTS = 2 ** 29;

/** The end of a tunnel that sends requests: HTTP/2's client. */
export class AskingEnd {
  /** Settles when the connection is over, with what ended it. */
  readonly closed: Promise<string>;
  private readonly session: ClientHttp2Session;
  private readonly windows: WindowBudget;
  private allowed: number;
  private readonly maxRequests: number;
  private streams = 0;
  private requests = 0;
  private isDraining = false;
  /** The last stream that the other end took, once it has said that it takes no more. */
  private lastSeen: number | null = null;

  private constructor(
    private readonly socket: TunnelSocket,
    options: AskingOptions,
  ) {
    this.allowed = options.maxStreams ?? DEFAULT_MAX_STREAMS;
    this.maxRequests = options.maxRequests ?? DEFAULT_MAX_REQUESTS;
    this.closed = socket.closed;
    this.session = connect('http://localhost', {
      ...sessionOptions,
      settings: { ...localSettings, enablePush: false },
      peerMaxConcurrentStreams: this.allowed,
      createConnection: () => socket.bytes,
    });
    this.session.once('connect', () => this.session.setLocalWindowSize(SESSION_WINDOW_BYTES));
    // Beyond what the other end allows, Node would let requests wait without a word.
    this.session.on('remoteSettings', ({ maxConcurrentStreams = Infinity }: Settings) => {
      this.allowed = Math.min(this.allowed, maxConcurrentStreams);
    });
    this.session.on('error', (error: Error) => socket.terminate(error.message));
    this.session.on('goaway', (_code: number, lastSeen: number) => (this.lastSeen = lastSeen));
    new Heartbeat(this.session, socket);
    const budget = options.windowBudgetBytes ?? DEFAULT_WINDOW_BUDGET_BYTES;
    this.windows = new WindowBudget(this.session, () => this.streams, budget);
    this.windows.measure();
  }

  static over(socket: TunnelSocket, options: AskingOptions = {}): AskingEnd {
    return new AskingEnd(socket, options);
  }

  /** Whether requests are taken. */
  get isOpen(): boolean {
    return !this.isDraining && !this.session.closed && !this.session.destroyed && this.socket.isOpen;
  }

  /** Whether the other end had said that it takes no more before this stream could reach it. */
  hasNotSeen({ id, rstCode }: ClientHttp2Stream): boolean {
    if (rstCode === constants.NGHTTP2_REFUSED_STREAM) return true;
    return this.lastSeen !== null && (id === undefined || id > this.lastSeen);
  }

  /** Requests that both ends allow at once, as far as the other one has been heard. */
  get maxStreams(): number {
    return this.allowed;
  }

  /** Requests on their way. */
  get openStreams(): number {
    return this.streams;
  }

  /**
   * Carries a request to its service and the answer back. Once the answer has begun, the response is either ended or destroyed.
   * @throws TunnelError while nothing was sent to the client; the response is the caller's then
   */
  async request(exchange: RequestExchange): Promise<ExchangeEnd> {
    const { request } = exchange;
    const head = requestHead({ ...exchange, method: request.method ?? 'GET' });
    const stream = this.open(head, { endStream: !hasBody(request), waitForTrailers: mayHaveTrailers(request) });
    return new RequestCarrier(stream, exchange, this, uploadAhead(this.streams)).ended;
  }

  /**
   * Carries a WebSocket's handshake, and then its bytes. Once the answer has begun, the socket is the tunnel's to end.
   * @throws TunnelError while nothing was sent to the client; the socket is the caller's then
   */
  async upgrade(exchange: UpgradeExchange): Promise<ExchangeEnd> {
    const { request } = exchange;
    // Under any other protocol the client would speak with the service past everything that rewrites headers.
    if (request.headers.upgrade?.toLowerCase() !== 'websocket' || request.method !== 'GET') {
      throw new TunnelError('malformed', 'Connections are upgraded to a WebSocket only.');
    }
    const stream = this.open(upgradeHead({ ...exchange, method: 'GET' }), { endStream: false, waitForTrailers: false });
    return new UpgradeCarrier(stream, exchange, this).ended;
  }

  /**
   * A small request of our own.
   * @throws TunnelError, or the signal's reason
   */
  async call(call: TunnelCall): Promise<TunnelAnswer> {
    const head = requestHead({ method: 'GET', headers: [], ...call });
    return readAnswer(this.open(head, { endStream: true, waitForTrailers: false }), this, call);
  }

  /**
   * A bare stream. The head names a destination.
   * @throws TunnelError `offline`, `busy` or `malformed`
   */
  open(head: readonly string[], options: { endStream: boolean; waitForTrailers: boolean }): ClientHttp2Stream {
    if (!this.isOpen) throw new TunnelError('offline', 'The runner is not connected.');
    if (this.streams >= this.allowed) throw new TunnelError('busy', `The runner has ${this.streams} requests open.`);
    const stream = this.begin(head, options);
    this.streams++;
    this.requests++;
    stream.once('close', () => {
      this.streams--;
      this.windows.adjust();
      letGo(stream);
    });
    this.windows.adjust();
    if (this.requests === this.maxRequests) this.wishSuccessor();
    return stream;
  }

  /**
   * Takes no more requests, asks whoever dialled for a new connection, and closes when all is done or the time is over.
   * @param graceMs how long the requests that are open may take
   */
  async drain(graceMs: number): Promise<void> {
    if (!this.isDraining) this.wishSuccessor();
    this.isDraining = true;
    const timer = setTimeout(() => this.destroy('the time to drain is over'), graceMs);
    this.session.close();
    await this.closed;
    clearTimeout(timer);
  }

  /** Ends the connection and all that is on it at once. */
  destroy(reason: string): void {
    this.socket.terminate(reason);
  }

  /** Asks the end that dialled for a new connection. This one goes on until its work is done. */
  private wishSuccessor(): void {
    if (this.isOpen) this.session.settings(successorWish);
  }

  private begin(head: readonly string[], options: { endStream: boolean; waitForTrailers: boolean }): ClientHttp2Stream {
    try {
      return this.session.request(head, options);
    } catch (cause) {
      throw new TunnelError('malformed', 'The path or the headers of the request are not valid.', { cause });
    }
  }
}
