import { performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream, type Settings } from 'node:http2';
import { letGo } from '../flow/let-go.js';
import { WindowBudget } from '../flow/window-budget.js';
import { headerList } from '../http/header-list.js';
import { parseAddress } from '../http/tunnel-headers.js';
import {
  DEFAULT_MAX_STREAMS,
  localSettings,
  SESSION_WINDOW_BYTES,
  sessionOptions,
  wishesSuccessor,
} from '../settings.js';
import { Heartbeat } from '../socket/heartbeat.js';
import type { TunnelSocket } from '../socket/tunnel-socket.js';
import type { IncomingStream } from './incoming-stream.js';
import { answerError } from './answer-error.js';

/** What is done with each stream. It answers or closes the stream, whatever happens. */
export type StreamHandler = (incoming: IncomingStream) => void;

export interface AnsweringOptions {
  /** Requests at once that the other end may send. Default 4096. */
  maxStreams?: number;
}

/** The end of a tunnel that gets requests: HTTP/2's server. */
export class AnsweringEnd {
  /** Settles when the connection is over, with what ended it. */
  readonly closed: Promise<string>;
  /** Settles when the asking end wishes a new connection. */
  readonly successorWanted: Promise<void>;
  private readonly session: ServerHttp2Session;
  private readonly windows: WindowBudget;
  private streams = 0;

  private constructor(
    private readonly socket: TunnelSocket,
    private readonly handle: StreamHandler,
    { maxStreams = DEFAULT_MAX_STREAMS }: AnsweringOptions,
  ) {
    this.closed = socket.closed;
    this.session = performServerHandshake(socket.bytes, {
      ...sessionOptions,
      settings: { ...localSettings, enableConnectProtocol: true, maxConcurrentStreams: maxStreams },
    });
    this.session.setLocalWindowSize(SESSION_WINDOW_BYTES);
    this.session.on('error', (error: Error) => socket.terminate(error.message));
    this.successorWanted = new Promise((resolve) =>
      this.session.on('remoteSettings', (settings: Settings) => {
        if (wishesSuccessor(settings)) resolve();
      }),
    );
    new Heartbeat(this.session, socket);
    this.session.on('stream', (stream, _headers, _flags, raw) => this.take(stream, raw));
    this.windows = new WindowBudget(this.session, () => this.streams);
    this.windows.measure();
  }

  static over(socket: TunnelSocket, handler: StreamHandler, options: AnsweringOptions = {}): AnsweringEnd {
    return new AnsweringEnd(socket, handler, options);
  }

  /** Requests that are being answered. */
  get openStreams(): number {
    return this.streams;
  }

  /** Takes no more requests, and closes when all are answered or the time is over. */
  async drain(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.destroy('the time to drain is over'), graceMs);
    this.session.close();
    await this.closed;
    clearTimeout(timer);
  }

  /** Ends the connection and all that is on it at once. */
  destroy(reason: string): void {
    this.socket.terminate(reason);
  }

  private take(stream: ServerHttp2Stream, raw: string[]): void {
    this.streams++;
    this.windows.adjust();
    stream.once('close', () => {
      this.streams--;
      this.windows.adjust();
      letGo(stream);
    });
    // Whatever broke, `close` follows.
    stream.on('error', () => undefined);
    try {
      const headers = headerList(raw);
      this.handle({ stream, headers, address: parseAddress(headers) });
    } catch (error) {
      answerError(stream, error);
    }
  }
}
