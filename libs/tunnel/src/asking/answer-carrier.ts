import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ClientHttp2Stream, constants } from 'node:http2';
import { pour } from '../flow/pour.js';
import type { Pacing } from '../flow/pacing.js';
import { withoutVainTrailer } from '../http/body.js';
import { sendHead } from '../http/send-head.js';
import { flat, forwardable, type HeaderList } from '../http/header-list.js';
import { trailersOf } from '../http/trailers.js';
import { outsideHeaders } from '../http/tunnel-headers.js';
import { TunnelError } from '../tunnel-error.js';
import type { AnswerHead } from './exchange.js';

export interface AnswerGoal {
  request: IncomingMessage;
  response: ServerResponse;
  rewriteAnswer?: (head: AnswerHead) => AnswerHead;
  throttles?: readonly Pacing[];
}

/** Carries an answer that has begun to the client. */
export class AnswerCarrier {
  private trailers: [string, string][] = [];
  private whole = false;

  constructor(
    private readonly stream: ClientHttp2Stream,
    private readonly goal: AnswerGoal,
  ) {}

  /** @throws TunnelError `garbage` when the head is none that HTTP/1.1 could have; nothing has been sent then */
  begin(status: number, headers: HeaderList): void {
    const { request, response, rewriteAnswer, throttles } = this.goal;
    const head = answerHead(status, headers, rewriteAnswer);
    try {
      response.writeHead(head.status, flat(withoutVainTrailer(request, head.status, head.headers)));
    } catch (cause) {
      throw new TunnelError('garbage', "The head of the service's answer is not valid.", { cause });
    }
    // Else the head leaves with the first bytes, in one packet.
    if (this.stream.readableLength === 0) sendHead(response);
    this.stream.on('trailers', (_headers, _flags, rawTrailers: string[]) => (this.trailers = trailersOf(rawTrailers)));
    this.stream.once('end', () => this.end());
    pour(this.stream, response, throttles);
  }

  /** Whether all of it has been handed to the client's connection. */
  get isWhole(): boolean {
    return this.whole;
  }

  private end(): void {
    const { response } = this.goal;
    // A stream whose other end died ends like any other, but for its code.
    this.whole = this.stream.rstCode === constants.NGHTTP2_NO_ERROR && !response.destroyed;
    if (!this.whole) return void response.destroy();
    if (this.trailers.length > 0) response.addTrailers(this.trailers);
    response.end();
  }
}

export function answerHead(
  status: number,
  headers: HeaderList,
  rewriteAnswer: ((head: AnswerHead) => AnswerHead) | undefined,
): AnswerHead {
  const head = { status, headers: outsideHeaders(forwardable(headers)) };
  return rewriteAnswer ? rewriteAnswer(head) : head;
}
