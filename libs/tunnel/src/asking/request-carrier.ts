import type { ClientHttp2Stream } from 'node:http2';
import { cancel } from '../flow/cancel.js';
import { pour } from '../flow/pour.js';
import { headerList } from '../http/header-list.js';
import { sendTrailers } from '../http/trailers.js';
import { errorIn } from '../http/tunnel-headers.js';
import { AnswerCarrier } from './answer-carrier.js';
import { ExchangeEnd, type RequestExchange } from './exchange.js';
import { type Connection, unanswered } from './unanswered.js';

/** Carries one request into its stream, and what comes of it back to the client. */
export class RequestCarrier {
  private readonly outcome = Promise.withResolvers<ExchangeEnd>();
  private answer: AnswerCarrier | null = null;
  private cause: Error | undefined;

  constructor(
    private readonly stream: ClientHttp2Stream,
    private readonly exchange: RequestExchange,
    private readonly connection: Connection,
    /** Bytes of the request that may wait for the connection. */
    private readonly ahead: number,
  ) {
    const { response, revocation } = exchange;
    stream.once('response', (head, _flags, raw) => this.begin(head[':status'] ?? 0, raw));
    // Once, however often the other end says so: nothing bounds what a client that does not read would let pile up.
    stream.once('continue', () => response.writeContinue());
    stream.on('error', (error: Error) => (this.cause = error));
    stream.once('close', () => this.streamClosed());
    response.on('error', () => cancel(this.stream));
    response.once('close', () => this.responseClosed());
    revocation?.listen(this.revoked);
    if (revocation?.isRevoked) this.revoked();
    else if (response.destroyed) this.responseClosed();
    else this.pourRequest();
  }

  /** @throws TunnelError while nothing of an answer was sent */
  get ended(): Promise<ExchangeEnd> {
    return this.outcome.promise;
  }

  private pourRequest(): void {
    const { request, throttles } = this.exchange;
    if (this.stream.writableEnded) return;
    this.stream.once('wantTrailers', () => sendTrailers(this.stream, request.rawTrailers));
    request.once('end', () => this.stream.end());
    pour(request, this.stream, throttles, this.ahead);
  }

  private begin(status: number, raw: readonly string[]): void {
    try {
      const headers = headerList(raw);
      const error = errorIn(headers);
      if (error) throw error;
      const answer = new AnswerCarrier(this.stream, this.exchange);
      answer.begin(status, headers);
      this.answer = answer;
    } catch (error) {
      this.outcome.reject(error);
      cancel(this.stream);
    }
  }

  private streamClosed(): void {
    if (this.answer?.isWhole) return;
    if (this.answer) this.exchange.response.destroy();
    if (this.answer) this.outcome.resolve(ExchangeEnd.cut);
    else this.outcome.reject(unanswered(this.stream, this.connection, this.cause));
  }

  private responseClosed(): void {
    const { response, revocation } = this.exchange;
    revocation?.forget(this.revoked);
    this.outcome.resolve(response.writableFinished ? ExchangeEnd.complete : ExchangeEnd.clientLeft);
    // An answer may be whole before all of the request was sent.
    cancel(this.stream);
  }

  private readonly revoked = (): void => {
    this.outcome.resolve(ExchangeEnd.revoked);
    this.exchange.response.destroy();
    cancel(this.stream);
  };
}
