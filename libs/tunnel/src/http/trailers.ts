import type { Http2Stream } from 'node:http2';
import { forwardable, headerList } from './header-list.js';
import { outsideHeaders } from './tunnel-headers.js';

/**
 * What a message has to say before its body (RFC 9110, 6.5.1): how long it is, whose it is, what is to be done with it. Behind the body it
 * would pass by everything that rewrites heads, to whoever joins both.
 */
const NOT_BEHIND_A_BODY: ReadonlySet<string> = new Set([
  'age',
  'alt-svc',
  'authorization',
  'cache-control',
  'clear-site-data',
  'content-encoding',
  'content-length',
  'content-range',
  'content-security-policy',
  'content-type',
  'cookie',
  'expect',
  'expires',
  'location',
  'max-forwards',
  'pragma',
  'proxy-authenticate',
  'proxy-authorization',
  'range',
  'service-worker-allowed',
  'set-cookie',
  'strict-transport-security',
  'trailer',
  'vary',
  'www-authenticate',
  'x-api-key',
]);

/** The trailers of a message that are meant for whoever it is for. */
export function trailersOf(raw: readonly string[]): [name: string, value: string][] {
  return outsideHeaders(forwardable(headerList(raw))).filter(([name]) => !NOT_BEHIND_A_BODY.has(name));
}

/** To be called when a stream wants them. Whatever is in them, none ends the process: they are what a stranger sent. */
export function sendTrailers(stream: Http2Stream, raw: readonly string[]): void {
  // By a map: a trailer may be called `constructor`.
  const groups = Map.groupBy(trailersOf(raw), ([name]) => name);
  stream.sendTrailers(Object.fromEntries([...groups].map(([name, lines]) => [name, lines.map(([, value]) => value)])));
}
