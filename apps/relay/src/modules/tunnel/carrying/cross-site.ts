import type { IncomingMessage } from 'node:http';
import { ProblemCode } from '@pizzapi/protocol';
import { ProblemError } from '../../../platform/http/problem.error.js';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses requests of other sites that carry this site's cookie, except navigations. Browsers say where a request comes from; from those
 * that do not, only safe methods are accepted.
 * @throws ProblemError `origin_refused`
 */
export function refuseForeignPages(request: IncomingMessage, isOwn: (origin: string) => boolean): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (isNavigation(request)) return;
  if (origin !== undefined && !isOwn(origin)) throw foreign();
  if (site === 'cross-site' || site === 'same-site') throw foreign();
  const isUnsaid = origin === undefined && site === undefined;
  if (isUnsaid && !SAFE_METHODS.has(request.method ?? '')) throw foreign();
}

/** Refuses WebSockets of other sites, which browsers would let them read. @throws ProblemError `origin_refused` */
export function refuseForeignSockets(
  { headers: { origin } }: IncomingMessage,
  isOwn: (origin: string) => boolean,
): void {
  if (origin === undefined || !isOwn(origin)) throw foreign();
}

/** Whether a request is a navigation, at top level or in a frame. */
function isNavigation({ method, headers }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && headers['sec-fetch-mode'] === 'navigate';
}

function foreign(): ProblemError {
  return new ProblemError(
    403,
    ProblemCode.originRefused,
    'This request came from another page, which may lead here but do nothing here.',
  );
}
