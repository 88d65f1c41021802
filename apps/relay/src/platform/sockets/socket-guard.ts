import { Injectable } from '@nestjs/common';
import { Namespace as Names, ProblemCode } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import type { Namespace, Server, Socket } from 'socket.io';
import { closedSockets } from '../observability/metrics.js';
import { unauthenticated } from '../http/problem.error.js';
import { answerWith, closeSocket, refuseMalformed } from './refuse-message.js';
import { socketRefusal } from './socket-refusal.js';
import { type MessageRate, TokenBucket } from './token-bucket.js';

/** What carries all sockets of one client. */
type Connection = Socket['conn'];

/** A browser attaches, detaches, and is silent for the rest. */
const BROWSER: MessageRate = { perSecond: 50, burst: 200 };
/** A worker sends a batch per frame, and after an interruption everything that it kept. */
const MACHINE: MessageRate = { perSecond: 2_000, burst: 4_000 };

const RATES = new Map<string, MessageRate>([
  [Names.viewer, BROWSER],
  [Names.hub, BROWSER],
  [Names.runner, MACHINE],
  [Names.agent, MACHINE],
]);

/** Of a whole connection, below the namespaces: what is no message, such as handshakes over and over. Above what any socket may send. */
const CONNECTION: MessageRate = { perSecond: 4_000, burst: 8_000 };

/** Listened to by Socket.IO itself on every socket, but nobody's message. */
const NOT_A_MESSAGE = 'error';

/**
 * Stands before every message of every socket. A flood closes the connection; a message that no gateway knows is dropped, counted
 * and answered with `malformed_message`. Namespaces outside the catalog, and the root that Socket.IO always has, let nobody in.
 */
@Injectable()
export class SocketGuard {
  constructor(private readonly logger: PinoLogger) {}

  /** Call before any namespace is used. */
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
      // What was on its way when the connection was closed.
      if (!socket.connected) return;
      if (!bucket.take(performance.now())) return this.closeFlooding(socket, event, rate);
      const [name] = event;
      if (typeof name === 'string' && name !== NOT_A_MESSAGE && socket.listenerCount(name) > 0) return next();
      const detail = `This relay knows no such message in ${socket.nsp.name}.`;
      // Not the name itself, which the client chose: each would be a time series of its own.
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
