import { type ClientRequest, type IncomingMessage, request as send } from 'node:http';
import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { cancel } from '../../flow/cancel.js';
import { pour } from '../../flow/pour.js';
import { flat, forwardable, valueOf } from '../../http/header-list.js';
import { outsideHeaders, upgradedHeaders } from '../../http/tunnel-headers.js';
import { answerError } from '../answer-error.js';
import type { IncomingStream } from '../incoming-stream.js';
import { answerHeaders } from './answer-head.js';
import { loopbackOptions, serviceError } from './connect.js';
import { hostOf, inwards } from './own-origin.js';

/** One WebSocket on its way to a service of this machine: the handshake, then bytes both ways. */
export class LoopbackUpgrade {
  private readonly stream: ServerHttp2Stream;
  private readonly request: ClientRequest;

  constructor(
    { stream, headers, address }: IncomingStream,
    private readonly port: number,
  ) {
    this.stream = stream;
    const own = inwards(outsideHeaders(forwardable(headers)), port, address.publicOrigin);
    this.request = send({
      ...loopbackOptions(port, null),
      path: valueOf(headers, ':path') ?? '/',
      headers: ['host', hostOf(port), 'connection', 'Upgrade', 'upgrade', 'websocket', ...flat(own)],
    });
    this.request.once('upgrade', (answer, socket, head) => this.connect(answer, socket, head));
    this.request.once('response', (answer) => this.refuse(answer));
    this.request.on('error', (error) => answerError(stream, serviceError(error, port)));
    stream.once('close', () => this.request.destroy());
    this.request.end();
  }

  private connect(answer: IncomingMessage, socket: Socket, head: Buffer): void {
    const { stream } = this;
    stream.once('close', () => socket.destroy());
    socket.on('error', () => cancel(stream, constants.NGHTTP2_INTERNAL_ERROR));
    try {
      stream.respond([...upgradedHeaders, ...answerHeaders(answer, this.port)]);
    } catch (error) {
      return answerError(stream, error);
    }
    if (head.length > 0) stream.write(head);
    socket.setNoDelay(true);
    socket.once('end', () => stream.end());
    socket.once('close', () => cancel(stream, constants.NGHTTP2_NO_ERROR));
    stream.once('end', () => socket.end());
    pour(socket, stream);
    pour(stream, socket);
  }

  /** The service gave another answer. */
  private refuse(answer: IncomingMessage): void {
    const { stream } = this;
    answer.on('error', (error) => answerError(stream, serviceError(error, this.port)));
    try {
      const headers = [':status', String(answer.statusCode), ...answerHeaders(answer, this.port)];
      stream.respond(headers);
    } catch (error) {
      return answerError(stream, error);
    }
    answer.once('end', () => stream.end());
    stream.resume();
    pour(answer, stream);
  }
}
