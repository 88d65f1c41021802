import type { IncomingMessage } from 'node:http';
import { forwardable, grouped, headerList } from './header-list.js';
import { outsideHeaders } from './tunnel-headers.js';

/**
 * The trailers of an HTTP/1.1 message, in the form that `sendTrailers` of HTTP/2 takes. What belongs to that one connection is left out:
 * HTTP/1.1 lets a sender put even `Connection` among them, and HTTP/2 throws at it, which would end the process.
 */
export function trailersOf({ rawTrailers }: Pick<IncomingMessage, 'rawTrailers'>): Record<string, string[]> {
  return grouped(outsideHeaders(forwardable(headerList(rawTrailers))));
}
