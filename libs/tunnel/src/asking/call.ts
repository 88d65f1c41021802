import { type ClientHttp2Stream, constants } from 'node:http2';
import { cancel } from '../flow/cancel.js';
import { forwardable, type HeaderList, headerList } from '../http/header-list.js';
import { errorIn, outsideHeaders } from '../http/tunnel-headers.js';
import type { Destination } from '../target.js';
import { TunnelError } from '../tunnel-error.js';
import { type Connection, unanswered } from './unanswered.js';

/** A small request of our own, as opposed to one that is carried. */
export interface TunnelCall {
  destination: Destination;
  /** Default GET. */
  method?: string;
  path: string;
  headers?: HeaderList;
  signal?: AbortSignal;
  /** The largest body that is taken. */
  maxBytes: number;
}

export interface TunnelAnswer {
  status: number;
  headers: HeaderList;
  body: Buffer;
}

/** @throws TunnelError, or the signal's reason */
export async function readAnswer(
  stream: ClientHttp2Stream,
  connection: Connection,
  { signal, maxBytes }: TunnelCall,
): Promise<TunnelAnswer> {
  const abort = (): void => cancel(stream);
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  try {
    return await answerOf(stream, connection, maxBytes);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

function answerOf(stream: ClientHttp2Stream, connection: Connection, maxBytes: number): Promise<TunnelAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<TunnelAnswer>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  let head: Omit<TunnelAnswer, 'body'> | null = null;
  let isWhole = false;
  const fail = (error: TunnelError): void => (reject(error), cancel(stream));
  stream.once('response', ({ ':status': status = 0 }, _flags, raw) => {
    const headers = headerList(raw);
    const error = errorIn(headers);
    if (error) return fail(error);
    head = { status, headers: outsideHeaders(forwardable(headers)) };
  });
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) fail(new TunnelError('oversized', `The answer is larger than ${maxBytes} bytes.`));
  });
  stream.once('end', () => (isWhole = stream.rstCode === constants.NGHTTP2_NO_ERROR));
  let cause: Error | undefined;
  stream.on('error', (error: Error) => (cause = error));
  stream.once('close', () => {
    if (head && isWhole) return resolve({ ...head, body: Buffer.concat(chunks) });
    if (!head) return reject(unanswered(stream, connection, cause));
    reject(new TunnelError('interrupted', 'The connection to the runner ended before the answer did.', { cause }));
  });
  return promise;
}
