import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { v7 } from 'uuid';
import type { Problem } from '../problem.js';
import { problemBody, problemHeaders } from '../problem-answer.js';

// Answers where there is no Express.

/** Answers with problem details. What is left of the request's body is not read: the connection ends with the answer. */
export function answerProblem(
  request: IncomingMessage,
  response: ServerResponse,
  problem: Problem,
  headers: Readonly<Record<string, string>> = {},
): void {
  const requestId = v7();
  answerText(request, response, problem.status, problemBody(problem, requestId), {
    ...problemHeaders(problem),
    'x-request-id': requestId,
    ...headers,
  });
}

/** Answers with a text of ours, whose type the headers say. */
export function answerText(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>>,
): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  // Else a client that sends on would be taken to begin its next request.
  if (!request.complete) response.setHeader('connection', 'close');
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) });
  response.end(request.method === 'HEAD' ? '' : text);
}

/** Refuses an upgrade with problem details, and ends the connection. */
export function refuseUpgrade(socket: Duplex, problem: Problem, headers: Readonly<Record<string, string>> = {}): void {
  if (socket.destroyed) return;
  socket.end(rawProblem(problem, headers), () => socket.destroy());
}

/** An answer with problem details, the last of its connection, as it is written there. */
export function rawProblem(problem: Problem, headers: Readonly<Record<string, string>> = {}): string {
  const requestId = v7();
  const body = problemBody(problem, requestId);
  const lines = Object.entries({
    ...problemHeaders(problem),
    'x-request-id': requestId,
    ...headers,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const status = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? 'Error'}\r\n`;
  return `${status}${lines.join('')}\r\n${body}`;
}
