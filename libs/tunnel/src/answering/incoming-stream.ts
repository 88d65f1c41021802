import type { ServerHttp2Stream } from 'node:http2';
import { type HeaderList, valueOf } from '../http/header-list.js';
import type { StreamAddress } from '../http/tunnel-headers.js';

/** A request as it comes out of a tunnel. */
export interface IncomingStream {
  stream: ServerHttp2Stream;
  /** All of them: pseudo-headers, the tunnel's own, the request's. */
  headers: HeaderList;
  address: StreamAddress;
}

export function isWebSocket({ headers }: IncomingStream): boolean {
  return valueOf(headers, ':protocol') === 'websocket';
}
