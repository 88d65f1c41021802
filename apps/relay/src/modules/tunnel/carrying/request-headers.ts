import type { IncomingMessage } from 'node:http';
import { headersOf, type HeaderList } from '@pizzapi/tunnel';
import { TUNNEL_COOKIE } from './tunnel-cookie.js';

/** Credentials of the relay, and what is said about the client, which only the relay knows. */
const NOT_FOR_SERVICES: ReadonlySet<string> = new Set([
  'authorization',
  'forwarded',
  'proxy-authorization',
  'x-api-key',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-real-ip',
]);
/** The console's own, and ours. */
const OUR_COOKIES: ReadonlySet<string> = new Set([TUNNEL_COOKIE, 'pizzapi.login']);

export interface Forwarded {
  for: string;
  /** `https:` or `http:` */
  scheme: string;
}

/**
 * A request's headers as its service gets them.
 * @param without Further names that it does not get.
 */
export function towardsService(
  request: IncomingMessage,
  forwarded: Forwarded,
  without: ReadonlySet<string> = new Set(),
): HeaderList {
  const headers: [string, string][] = [];
  for (const [name, value] of headersOf(request)) {
    if (NOT_FOR_SERVICES.has(name) || without.has(name)) continue;
    if (name !== 'cookie') headers.push([name, value]);
    else if (value.includes('pizzapi')) {
      const others = withoutOurCookies(value);
      if (others !== '') headers.push([name, others]);
    } else headers.push([name, value]);
  }
  headers.push(
    ['x-forwarded-for', forwarded.for],
    ['x-forwarded-host', request.headers.host ?? ''],
    ['x-forwarded-proto', forwarded.scheme.slice(0, -1)],
  );
  return headers;
}

function withoutOurCookies(header: string): string {
  return header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => !OUR_COOKIES.has(pair.split('=', 1)[0]?.trim() ?? ''))
    .join('; ');
}
