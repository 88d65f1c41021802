import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { type AnswerHead, type AskingEnd, type HeaderList, type RequestExchange, TunnelError } from '@pizzapi/tunnel';
import { PinoLogger } from 'nestjs-pino';
import { ProblemError } from '../../../platform/http/problem.error.js';
import { type Reach, targetOf } from '../access/reach.js';
import { RunningExchanges } from '../access/running-exchanges.js';
import { FindConnection } from '../links/find-connection.js';
import { Throttles } from './throttles.js';
import { tunnelProblem } from './tunnel-problem.js';

/** What goes to a service, and how its answer is to look. */
export interface Carriage {
  reach: Reach;
  /** Path and query as the service gets them. */
  path: string;
  headers: HeaderList;
  /** The origin under which the browser knows the service. */
  publicOrigin?: string;
  rewriteAnswer: (head: AnswerHead) => AnswerHead;
}

type Sent = Omit<RequestExchange, 'response'>;
type Send = (end: AskingEnd, sent: Sent) => Promise<string>;

/** Carries requests to services and their answers back. */
@Injectable()
export class Carry {
  private isStopping = false;

  constructor(
    private readonly exchanges: RunningExchanges,
    private readonly connections: FindConnection,
    private readonly throttles: Throttles,
    private readonly logger: PinoLogger,
  ) {}

  /** From now on each connection ends with its answer, so that the next request goes to another replica. */
  stop(): void {
    this.isStopping = true;
  }

  /** @throws ProblemError while nothing was answered */
  async request(request: IncomingMessage, response: ServerResponse, carriage: Carriage): Promise<void> {
    if (this.isStopping) response.setHeader('connection', 'close');
    await this.run(request, request.socket, carriage, (end, sent) => end.request({ ...sent, response }));
  }

  /** @throws ProblemError while nothing was answered */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, carriage: Carriage): Promise<void> {
    await this.run(request, socket, carriage, (end, sent) => end.upgrade({ ...sent, socket, head }));
  }

  /** The runner may be moving to another replica just now: a request that nobody has seen follows it. */
  private async send(send: Send, sent: Sent): Promise<string> {
    const { runnerId } = sent.destination;
    try {
      return await send(await this.connections.to(runnerId), sent);
    } catch (error) {
      if (!isOffline(error) || sent.request.readableDidRead) throw error;
      this.connections.forget(runnerId);
      return send(await this.connections.to(runnerId), sent);
    }
  }

  private async run(
    request: IncomingMessage,
    socket: Duplex,
    { reach, path, headers, publicOrigin, rewriteAnswer }: Carriage,
    send: Send,
  ): Promise<void> {
    const { tunnel } = reach;
    const exchange = this.exchanges.begin(reach, socket);
    try {
      const ended = await this.send(send, {
        destination: { runnerId: tunnel.runnerId, target: targetOf(tunnel) },
        request,
        path,
        headers,
        rewriteAnswer,
        revocation: exchange.revocation,
        throttles: this.throttles.of(reach),
        ...(publicOrigin === undefined ? {} : { publicOrigin }),
      });
      this.logger.debug({ tunnelId: tunnel.tunnelId, ended }, 'A request through a tunnel is over');
    } catch (error) {
      const { status, code, detail, ...extra } = tunnelProblem(error, tunnel);
      if (code === 'internal_error') this.logger.error({ err: error, tunnelId: tunnel.tunnelId }, 'A tunnel failed');
      throw new ProblemError(status, code, detail, extra);
    } finally {
      exchange.end();
    }
  }
}

function isOffline(error: unknown): boolean {
  return error instanceof TunnelError && error.code === 'offline';
}
