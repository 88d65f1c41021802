import type { IncomingMessage } from 'node:http';
import { headersOf, type HeaderList } from '@pizzapi/tunnel';
import { OUR_PREFIX } from './tunnel-cookie.js';

/** Credentials of the relay, and headers about the client, which only the relay may set. */
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
const CONSOLE_COOKIE = 'pizzapi.login';

export interface Forwarded {
  for: string;
  /** `https:` or `http:` */
  scheme: string;
}

interface Choice {
  /** Further headers to remove. */
  without?: ReadonlySet<string>;
  /** Which cookies to forward; those of the relay never are. */
  isForService?: (cookie: string) => boolean;
}

/** The headers of a request as forwarded to the service. */
export function towardsService(
  request: IncomingMessage,
  forwarded: Forwarded,
  { without = new Set(), isForService = () => true }: Choice,
): HeaderList {
  const headers: [string, string][] = [];
  for (const [name, value] of headersOf(request)) {
    if (NOT_FOR_SERVICES.has(name) || without.has(name)) continue;
    const kept = name === 'cookie' ? cookiesOf(value, isForService) : value;
    if (name !== 'cookie' || kept !== '') headers.push([name, kept]);
  }
  headers.push(
    ['x-forwarded-for', forwarded.for],
    ['x-forwarded-host', request.headers.host ?? ''],
    ['x-forwarded-proto', forwarded.scheme.slice(0, -1)],
  );
  return headers;
}

function cookiesOf(header: string, isForService: (cookie: string) => boolean): string {
  const cookies = header.split(';').map((cookie) => cookie.trim());
  const kept = cookies.filter((cookie) => !isOurs(cookie) && isForService(cookie));
  return kept.length === cookies.length ? header : kept.join('; ');
}

function isOurs(cookie: string): boolean {
  return cookie.startsWith(OUR_PREFIX) || cookie.split('=', 1)[0]?.trim() === CONSOLE_COOKIE;
}
