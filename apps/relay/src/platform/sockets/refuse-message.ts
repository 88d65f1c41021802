import { ProblemCode, type RelayToAny, type SocketAnswer, type SocketProblem } from '@pizzapi/protocol';
import type { PinoLogger } from 'nestjs-pino';
import type { Socket } from 'socket.io';
import { closedSockets, malformedMessages } from '../observability/metrics.js';
import { TokenBucket } from './token-bucket.js';

/** A program that keeps sending malformed messages is disconnected; one that sends them now and then is not. */
const MALFORMED_RATE = { perSecond: 0.2, burst: 50 };
const malformed = new WeakMap<Socket, TokenBucket>();

/** Counts a message that does not fit the catalog, and closes the connection if there are too many of them. @returns the answer */
export function refuseMalformed(socket: Socket, name: string, detail: string, logger: PinoLogger): SocketProblem {
  malformedMessages.inc({ namespace: socket.nsp.name, message: name });
  const problem = { code: ProblemCode.malformedMessage, detail };
  let bucket = malformed.get(socket);
  if (!bucket) malformed.set(socket, (bucket = new TokenBucket(MALFORMED_RATE, performance.now())));
  if (!bucket.take(performance.now())) closeSocket(socket, problem, logger);
  return problem;
}

/** Closes a connection because of something that the client did, and tells it why. */
export function closeSocket(socket: Socket<object, RelayToAny>, problem: SocketProblem, logger: PinoLogger): void {
  const namespace = socket.nsp.name;
  closedSockets.inc({ namespace, reason: problem.code });
  logger.warn({ namespace, reason: problem.code }, 'Closed a connection');
  socket.emit('relay:closing', problem);
  socket.disconnect(true);
}

/** Answers a message with a problem, if the client wants an answer. */
export function answerWith(args: readonly unknown[], problem: SocketProblem): void {
  const answer = args.at(-1);
  if (isAnswer(answer)) answer({ ok: false, problem });
}

/** If the client wants an answer, Socket.IO passes a callback as the last argument. */
function isAnswer(value: unknown): value is (answer: SocketAnswer) => void {
  return typeof value === 'function';
}
