import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ProblemCode } from '@pizzapi/protocol';
import type { Problem } from '../problem.js';
import { rawProblem } from './raw-answers.js';

/** Whoever still sends would lose the answer with a connection that ends at once; whoever stays longer does not read it. */
const READ_WITHIN_MS = 1_000;

/**
 * Answers what Node's parser has given up on; Node itself would say a bare status line.
 * @returns what was answered; null when nobody is there to hear it
 */
export function refuseMalformed(error: Error, socket: Duplex): Problem | null {
  // The parser complains of every further byte.
  if (socket.writableEnded) return null;
  const problem = problemOf(error);
  // What the connection is in the middle of, as Node's own answer asks it: there is no other place for it.
  const current: unknown = Reflect.get(socket, '_httpMessage');
  const isBusy = current instanceof ServerResponse;
  if (problem === null || !socket.writable || (isBusy && current.headersSent)) {
    socket.destroy();
    return null;
  }
  // What serves a request is to hear at once that no more of it comes.
  if (isBusy) socket.end(rawProblem(problem), () => socket.destroy());
  else {
    socket.end(rawProblem(problem));
    const timer = setTimeout(() => socket.destroy(), READ_WITHIN_MS).unref();
    socket.once('close', () => clearTimeout(timer));
  }
  return problem;
}

/** What Node would refuse in a bare line although it could read it. */
export function missesHost({ headers, httpVersion }: IncomingMessage): boolean {
  return headers.host === undefined && httpVersion === '1.1';
}

export const NO_HOST: Problem = invalidHttp(400, 'The header Host is missing, which HTTP/1.1 asks for.');
export const UNKNOWN_EXPECTATION: Problem = invalidHttp(417, 'The header Expect may only be 100-continue.');

/** Null: of the connection, not of what came by it. */
function problemOf(error: Error): Problem | null {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'HPE_HEADER_OVERFLOW') {
    return {
      status: 431,
      code: ProblemCode.headersTooLarge,
      detail: 'The headers are larger than this relay reads; send fewer or shorter ones, cookies included.',
    };
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return {
      status: 408,
      code: ProblemCode.headersLate,
      detail: 'The headers of the request were not there in time; check the connection, and send it again.',
    };
  }
  if (code.startsWith('HPE_')) return invalidHttp(400, `The request is not valid HTTP/1.1: ${reasonOf(error)}.`);
  return null;
}

/** llhttp's words, of which none repeats what was sent. */
function reasonOf(error: Error): string {
  const reason = 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;
  return reason.charAt(0).toLowerCase() + reason.slice(1);
}

function invalidHttp(status: number, detail: string): Problem {
  return { status, code: ProblemCode.invalidRequest, detail };
}
