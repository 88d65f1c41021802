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

/** How to forward a request to a service, and its response to the client. */
export interface Carriage {
  reach: Reach;
  /** Path and query for the service. */
  path: string;
  headers: HeaderList;
  /** The service's origin as the browser sees it. */
  publicOrigin?: string;
  rewriteAnswer: (head: AnswerHead) => AnswerHead;
}

type Sent = Omit<RequestExchange, 'response'>;
type Send = (end: AskingEnd, sent: Sent) => Promise<string>;

/** Forwards requests to services, and their responses back. */
@Injectable()
export class Carry {
  private isStopping = false;

  constructor(
    private readonly exchanges: RunningExchanges,
    private readonly connections: FindConnection,
    private readonly throttles: Throttles,
    private readonly logger: PinoLogger,
  ) {}

  /** From now on closes each connection after its response, so that the client's next request reaches another replica. */
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

  /** Repeats a request that no runner has received, because the runner may just be moving to another replica. */
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
