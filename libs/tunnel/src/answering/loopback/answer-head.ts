import type { IncomingMessage } from 'node:http';
import { flat, forwardable, headerList } from '../../http/header-list.js';
import { outsideHeaders } from '../../http/tunnel-headers.js';
import { MAX_HEADER_BYTES, MAX_HEADER_LINES } from '../../settings.js';
import { TunnelError } from '../../tunnel-error.js';
import { outwards } from './own-origin.js';

/**
 * The headers of a service's answer, as they travel.
 * @throws TunnelError `garbage` when there are more of them than a stream can carry
 */
export function answerHeaders(answer: IncomingMessage, port: number): string[] {
  const headers = outsideHeaders(outwards(forwardable(headerList(answer.rawHeaders)), port));
  const bytes = headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (bytes > MAX_HEADER_BYTES || headers.length > MAX_HEADER_LINES) {
    throw new TunnelError('garbage', `Port ${port} answered with more headers than can be carried.`);
  }
  // HTTP/2 allows no length where there is no body.
  return flat(answer.statusCode === 204 ? headers.filter(([name]) => name !== 'content-length') : headers);
}
