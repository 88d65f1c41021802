import { Injectable } from '@nestjs/common';
import { Namespace as Names, ProblemCode } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import type { Namespace, Server, Socket } from 'socket.io';
import { closedSockets } from '../observability/metrics.js';
import { unauthenticated } from '../http/problem.error.js';
import { answerWith, closeSocket, refuseMalformed } from './refuse-message.js';
import { socketRefusal } from './socket-refusal.js';
import { type MessageRate, TokenBucket } from './token-bucket.js';

/** The connection that carries all sockets of one client. */
type Connection = Socket['conn'];

/** A browser attaches to sessions and detaches from them, and sends little else. */
const BROWSER: MessageRate = { perSecond: 50, burst: 200 };
/** A worker sends a batch for each frame, and after an interruption everything that has piled up. */
const MACHINE: MessageRate = { perSecond: 2_000, burst: 4_000 };

const RATES = new Map<string, MessageRate>([
  [Names.viewer, BROWSER],
  [Names.hub, BROWSER],
  [Names.runner, MACHINE],
  [Names.agent, MACHINE],
]);

/** For all packets of a connection, including those that are not messages, such as repeated handshakes. Higher than what any one socket may send. */
const CONNECTION: MessageRate = { perSecond: 4_000, burst: 8_000 };

/** Socket.IO itself listens for this on every socket, but no client may send it. */
const NOT_A_MESSAGE = 'error';

/**
 * Checks every message of every socket before a gateway sees it. A flood closes the connection; a message that no gateway knows is dropped, counted
 * and answered with `malformed_message`. Nobody may connect to namespaces outside the catalog, nor to the root namespace that Socket.IO always has.
 */
@Injectable()
export class SocketGuard {
  constructor(private readonly logger: PinoLogger) {}

  /** To be called before any namespace is used. */
  watch(server: Server): void {
    server
      .of('/')
      .use((_socket, next) => next(socketRefusal(unauthenticated('Connect to one of the namespaces of the relay.'))));
    server.engine.on('connection', (connection: Connection) => this.guardConnection(connection));
    server.on('new_namespace', (namespace: Namespace) => {
      const rate = RATES.get(namespace.name) ?? BROWSER;
      namespace.on('connection', (socket) => this.guard(socket, rate));
    });
  }

  private guardConnection(connection: Connection): void {
    const bucket = new TokenBucket(CONNECTION, performance.now());
    connection.on('packet', () => {
      if (connection.readyState !== 'open' || bucket.take(performance.now())) return;
      closedSockets.inc({ namespace: '', reason: ProblemCode.flooding });
      this.logger.warn({ reason: ProblemCode.flooding }, 'Closed a connection');
      connection.close(true);
    });
  }

  private guard(socket: Socket, rate: MessageRate): void {
    const bucket = new TokenBucket(rate, performance.now());
    socket.use((event, next) => {
      // It was on its way when the connection was closed.
      if (!socket.connected) return;
      if (!bucket.take(performance.now())) return this.closeFlooding(socket, event, rate);
      const [name] = event;
      if (typeof name === 'string' && name !== NOT_A_MESSAGE && socket.listenerCount(name) > 0) return next();
      const detail = `This relay knows no such message in ${socket.nsp.name}.`;
      // Not counted by its name, which the client chose: every name would become a time series of its own.
      answerWith(event, refuseMalformed(socket, 'unknown', detail, this.logger));
    });
  }

  private closeFlooding(socket: Socket, event: readonly unknown[], { perSecond, burst }: MessageRate): void {
    const problem = {
      code: ProblemCode.flooding,
      detail: `A connection to ${socket.nsp.name} may send ${perSecond} messages a second and ${burst} in one go; this one sent more.`,
    };
    answerWith(event, problem);
    closeSocket(socket, problem, this.logger);
  }
}
