import { type ClientRequest, type IncomingMessage, request as send } from 'node:http';
import { constants } from 'node:http2';
import { pour } from '../../flow/pour.js';
import { flat, forwardable, type HeaderList, hasHeader, valueOf } from '../../http/header-list.js';
import { sayContinue } from '../../http/say-continue.js';
import { sendHead } from '../../http/send-head.js';
import { sendTrailers, trailersOf } from '../../http/trailers.js';
import { outsideHeaders } from '../../http/tunnel-headers.js';
import { answerError } from '../answer-error.js';
import type { IncomingStream } from '../incoming-stream.js';
import { answerHeaders } from './answer-head.js';
import { type LoopbackAgent, loopbackOptions, serviceError } from './connect.js';
import { hostOf, inwards } from './own-origin.js';

/** Methods that do nothing twice. The others get a connection of their own, because one that rested may have just been closed. */
const REPEATABLE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** One request on its way to a service of this machine. */
export class LoopbackRequest {
  private readonly method: string;
  private readonly path: string;
  private readonly headers: HeaderList;
  private readonly hasBody: boolean;
  private request: ClientRequest;
  private isAnswered = false;

  constructor(
    private readonly incoming: IncomingStream,
    private readonly port: number,
    private readonly agent: LoopbackAgent,
  ) {
    const { stream, headers, address } = incoming;
    this.method = valueOf(headers, ':method') ?? 'GET';
    this.path = valueOf(headers, ':path') ?? '/';
    this.hasBody = !stream.endAfterHeaders;
    this.headers = inwards(outsideHeaders(forwardable(headers)), port, address.publicOrigin);
    this.request = this.begin(this.isRepeatable);
    stream.once('close', () => {
      if (!this.isAnswered) this.request.destroy();
    });
  }

  private get isRepeatable(): boolean {
    return !this.hasBody && REPEATABLE.has(this.method);
  }

  private begin(mayReuse: boolean): ClientRequest {
    const { stream } = this.incoming;
    const request = send({
      ...loopbackOptions(this.port, mayReuse ? this.agent : null),
      method: this.method,
      path: this.path,
      headers: this.requestHeaders(),
    });
    request.once('response', (answer) => this.answer(answer));
    request.once('continue', () => sayContinue(stream));
    request.on('error', (error) => this.failed(error));
    if (this.hasBody) this.pourBody(request);
    else request.end();
    return request;
  }

  private requestHeaders(): string[] {
    // Kept also where it won't be used again, lest a service that answers early closes it while it is still sent to.
    const headers = ['host', hostOf(this.port), 'connection', 'keep-alive', ...flat(this.headers)];
    const isChunked = this.hasBody && !hasHeader(this.headers, 'content-length');
    return isChunked ? [...headers, 'transfer-encoding', 'chunked'] : headers;
  }

  private pourBody(request: ClientRequest): void {
    const { stream } = this.incoming;
    // A client that expects `100 Continue` sends nothing before it.
    sendHead(request);
    stream.once('trailers', (_headers, _flags, raw: string[]) => request.addTrailers(trailersOf(raw)));
    stream.once('end', () => {
      if (stream.rstCode === constants.NGHTTP2_NO_ERROR) request.end();
    });
    pour(stream, request);
  }

  private answer(answer: IncomingMessage): void {
    const { stream } = this.incoming;
    answer.on('error', (error) => this.failed(error));
    try {
      const headers = [':status', String(answer.statusCode), ...answerHeaders(answer, this.port)];
      const mayHaveTrailers = answer.headers['transfer-encoding'] !== undefined;
      stream.respond(headers, { waitForTrailers: mayHaveTrailers });
    } catch (error) {
      this.request.destroy();
      return answerError(stream, error);
    }
    stream.once('wantTrailers', () => sendTrailers(stream, answer.rawTrailers));
    answer.once('end', () => {
      this.isAnswered = true;
      stream.end();
    });
    pour(answer, stream);
  }

  private failed(error: Error): void {
    const { stream } = this.incoming;
    const isStale = this.request.reusedSocket && !stream.headersSent && this.isRepeatable;
    if (isStale && !stream.destroyed) this.request = this.begin(false);
    else answerError(stream, serviceError(error, this.port));
  }
}
