import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { RelayConfig } from '../../../config/config.js';
import { ProblemError } from '../problem.error.js';
import { toProblem } from '../problem.js';
import { boundBody } from './body-deadline.js';
import { missesHost, NO_HOST, refuseMalformed, UNKNOWN_EXPECTATION } from './malformed.js';
import { answerProblem, refuseUpgrade } from './raw-answers.js';

/** Whoever serves requests before Express, as they come from the network. An error that it throws is answered as a problem. */
export interface Entrance {
  /** Whether a request is meant for this one. */
  takes(request: IncomingMessage): boolean;
  /** Of a request that expects `100 Continue` nothing of the kind has been said yet. */
  request(request: IncomingMessage, response: ServerResponse): Promise<void> | void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> | void;
}

/** A host is looked at before a path: on a tunnel's own host each path is the service's. */
export type EntranceKind = 'host' | 'path';

/**
 * Every request and every upgrade comes here first, and goes to the one that serves it. Upgrades need it because Socket.IO would end those
 * that it does not know.
 */
@Injectable()
export class FrontDoor {
  private readonly entrances: Record<EntranceKind, Entrance[]> = { host: [], path: [] };

  constructor(
    private readonly config: RelayConfig,
    private readonly logger: PinoLogger,
  ) {}

  add(kind: EntranceKind, entrance: Entrance): void {
    this.entrances[kind].push(entrance);
  }

  /** Call once, when nobody else will listen to the server any more. */
  open(server: Server, otherwise: RequestListener): void {
    server.removeAllListeners('request');
    const serve = (request: IncomingMessage, response: ServerResponse, mayGoOn: () => void): void => {
      if (missesHost(request)) return answerProblem(request, response, NO_HOST);
      const entrance = this.find(request);
      if (entrance) return this.enter(request, response, entrance);
      mayGoOn();
      boundBody(request, this.config.uploadIdleMs, (problem) => answerProblem(request, response, problem));
      otherwise(request, response);
    };
    server.on('request', (request, response) => serve(request, response, () => undefined));
    server.on('checkContinue', (request, response) => serve(request, response, () => response.writeContinue()));
    server.on('checkExpectation', (request, response) => answerProblem(request, response, UNKNOWN_EXPECTATION));
    server.on('clientError', (error, socket) => {
      const problem = refuseMalformed(error, socket);
      // Without the error, which has the bytes that came.
      if (problem) this.logger.debug({ code: problem.code, detail: problem.detail }, 'Refused what is no request');
    });
    server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
  }

  private find(request: IncomingMessage): Entrance | undefined {
    const takes = (entrance: Entrance): boolean => entrance.takes(request);
    return this.entrances.host.find(takes) ?? this.entrances.path.find(takes);
  }

  private enter(request: IncomingMessage, response: ServerResponse, entrance: Entrance): void {
    // Also what is thrown before the first `await`.
    const served = new Promise<void>((resolve) => resolve(entrance.request(request, response)));
    served.catch((error: unknown) => {
      this.logger.error({ err: error }, 'A request failed');
      if (response.headersSent) response.destroy();
      else answerProblem(request, response, toProblem(error));
    });
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Until somebody takes it, its errors are nobody's, and would end the process.
    socket.on('error', () => undefined);
    const entrance = this.find(request);
    if (!entrance) {
      const detail = `There is no socket at ${pathOf(request)}.`;
      return refuseUpgrade(socket, { status: 404, code: ProblemCode.notFound, detail });
    }
    const served = new Promise<void>((resolve) => resolve(entrance.upgrade(request, socket, head)));
    served.catch((error: unknown) => {
      const problem = toProblem(error);
      // Whoever has left meanwhile need not be told, nor anybody about them.
      if (problem.status >= 500 && !(error instanceof ProblemError) && !socket.destroyed)
        this.logger.error({ err: error }, 'An upgrade failed');
      refuseUpgrade(socket, problem);
    });
  }
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? url;
}
