import { ServerResponse } from 'node:http';
import { type ClientHttp2Stream, constants } from 'node:http2';
import { Socket } from 'node:net';
import { cancel } from '../flow/cancel.js';
import { pour } from '../flow/pour.js';
import { type HeaderList, headerList } from '../http/header-list.js';
import { errorIn, isUpgraded } from '../http/tunnel-headers.js';
import { TunnelError } from '../tunnel-error.js';
import { AnswerCarrier, answerHead } from './answer-carrier.js';
import { ExchangeEnd, type UpgradeExchange } from './exchange.js';
import { type Connection, unanswered } from './unanswered.js';

/** Carries one request for a WebSocket into its stream; when the service accepts, the bytes of both sides, whatever they mean. */
export class UpgradeCarrier {
  private readonly outcome = Promise.withResolvers<ExchangeEnd>();
  private hasBegun = false;
  private isWhole = false;
  private cause: Error | undefined;

  constructor(
    private readonly stream: ClientHttp2Stream,
    private readonly exchange: UpgradeExchange,
    private readonly connection: Connection,
  ) {
    const { socket, revocation } = exchange;
    stream.once('response', (head, _flags, raw) => this.begin(head[':status'] ?? 0, raw));
    stream.on('error', (error: Error) => (this.cause = error));
    stream.once('end', () => (this.isWhole = stream.rstCode === constants.NGHTTP2_NO_ERROR));
    stream.once('close', () => this.streamClosed());
    socket.on('error', () => cancel(this.stream));
    socket.once('close', () => this.socketClosed());
    // Only who reads learns that a client has left.
    socket.on('data', this.early).once('end', this.left).resume();
    revocation?.listen(this.revoked);
    if (revocation?.isRevoked) this.revoked();
    else if (socket.destroyed) this.socketClosed();
  }

  /** @throws TunnelError while nothing of an answer was sent */
  get ended(): Promise<ExchangeEnd> {
    return this.outcome.promise;
  }

  private begin(status: number, raw: readonly string[]): void {
    const headers = headerList(raw);
    try {
      const error = errorIn(headers);
      if (error) throw error;
      if (isUpgraded(headers)) this.connect(headers);
      else this.refuse(status, headers);
      this.hasBegun = true;
    } catch (error) {
      this.letGo();
      this.outcome.reject(error);
      cancel(this.stream);
    }
  }

  private connect(accepted: HeaderList): void {
    const { socket, head, throttles, rewriteAnswer } = this.exchange;
    const { headers } = answerHead(101, accepted, rewriteAnswer);
    this.letGo();
    socket.write(switchingProtocols(headers), 'latin1');
    if (head.length > 0) this.stream.write(head);
    this.stream.once('end', () => socket.end());
    socket.once('end', () => this.stream.end());
    pour(socket, this.stream, throttles);
    pour(this.stream, socket, throttles);
    socket.resume();
  }

  /** The service gave another answer: it goes to the client like any other, on a connection that ends with it. */
  private refuse(status: number, headers: HeaderList): void {
    const { socket, request } = this.exchange;
    if (!(socket instanceof Socket)) throw new TunnelError('malformed', 'The request did not come by a connection.');
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => socket.end());
    // Node's server does so, but not for a connection that it has handed over.
    socket.on('drain', () => response.emit('drain'));
    new AnswerCarrier(this.stream, { ...this.exchange, response }).begin(status, headers);
    this.stream.end();
    socket.off('data', this.early).resume();
  }

  private streamClosed(): void {
    const { socket } = this.exchange;
    if (!this.hasBegun) {
      this.letGo();
      return this.outcome.reject(unanswered(this.stream, this.connection, this.cause));
    }
    this.outcome.resolve(this.isWhole ? ExchangeEnd.complete : ExchangeEnd.cut);
    // Whoever does not close its half after the service did has nobody to speak to.
    if (this.isWhole) socket.end(() => socket.destroy());
    else socket.destroy();
  }

  private socketClosed(): void {
    this.exchange.revocation?.forget(this.revoked);
    this.outcome.resolve(this.isWhole ? ExchangeEnd.complete : ExchangeEnd.clientLeft);
    cancel(this.stream);
  }

  /** What a client says before it has an answer waits for that, and from then on nobody looks whether it is still there. */
  private readonly early = (chunk: Buffer): void => {
    this.exchange.socket.off('data', this.early).pause().unshift(chunk);
  };

  /** A client that ends its side while it waits wants no answer any more, as Node's own server takes it. */
  private readonly left = (): void => {
    this.exchange.socket.destroy();
  };

  /** From here on, an end means something else, or the socket is the caller's. What comes until somebody reads again waits in it. */
  private letGo(): void {
    this.exchange.socket.off('data', this.early).off('end', this.left).pause();
  }

  private readonly revoked = (): void => {
    this.outcome.resolve(ExchangeEnd.revoked);
    this.exchange.socket.destroy();
    cancel(this.stream);
  };
}

function switchingProtocols(headers: HeaderList): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${lines.join('')}\r\n`;
}
