import { flat, type HeaderList } from '../http/header-list.js';
import { addressHeaders, outsideHeaders } from '../http/tunnel-headers.js';
import { MAX_HEADER_BYTES, MAX_HEADER_LINES } from '../settings.js';
import type { Destination } from '../target.js';
import { TunnelError } from '../tunnel-error.js';

export interface StreamHead {
  destination: Destination;
  method: string;
  path: string;
  headers: HeaderList;
  publicOrigin?: string;
}

/**
 * The head of a stream, in Node's flat form.
 * @throws TunnelError `malformed`
 */
export function requestHead(head: StreamHead): string[] {
  return [':method', head.method, ...commonHead(head)];
}

/** Of a WebSocket: extended CONNECT of RFC 8441. Key and accept travel along, for client and service to check each other. */
export function upgradeHead(head: StreamHead): string[] {
  return [':method', 'CONNECT', ':protocol', 'websocket', ...commonHead(head)];
}

function commonHead({ path, headers, destination, publicOrigin }: StreamHead): string[] {
  const outside = outsideHeaders(headers);
  const bytes = outside.reduce((sum, [name, value]) => sum + name.length + value.length, path.length);
  if (bytes > MAX_HEADER_BYTES || outside.length > MAX_HEADER_LINES) {
    throw new TunnelError(
      'malformed',
      `The request's head is larger than ${MAX_HEADER_BYTES} bytes or ${MAX_HEADER_LINES} lines.`,
    );
  }
  return [
    ...[':path', path, ':scheme', 'http', ':authority', 'localhost'],
    ...addressHeaders({ ...destination, publicOrigin: publicOrigin ?? null }),
    ...flat(outside),
  ];
}
