import type { IncomingMessage } from 'node:http';
import { type HeaderList, hasHeader } from './header-list.js';

const BODILESS_STATUS: ReadonlySet<number> = new Set([204, 205, 304]);

/** Whether a request of HTTP/1.1 brings a body, though an empty one may be announced. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Trailers come after chunks only, so a body of known length has none. */
export function mayHaveTrailers({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined;
}

/**
 * The head of an answer as HTTP/1.1 may have it: trailers may be announced only where there will be chunks, else Node refuses to send
 * the whole head.
 */
export function withoutVainTrailer(request: IncomingMessage, status: number, headers: HeaderList): HeaderList {
  const isChunked =
    request.httpVersion === '1.1' &&
    request.method !== 'HEAD' &&
    !BODILESS_STATUS.has(status) &&
    !hasHeader(headers, 'content-length');
  return isChunked ? headers : headers.filter(([name]) => name !== 'trailer');
}
