import type { IncomingMessage } from 'node:http';
import { ProblemCode } from '@pizzapi/protocol';
import { ProblemError } from '../../../platform/http/problem.error.js';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what another page sends with the cookie of this one: it may lead somebody here, and nothing else. Browsers say where a request
 * comes from; of those that do not, only what changes nothing is taken.
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

/** Refuses sockets that another page opens: nothing else keeps it from reading them. @throws ProblemError `origin_refused` */
export function refuseForeignSockets(
  { headers: { origin } }: IncomingMessage,
  isOwn: (origin: string) => boolean,
): void {
  if (origin === undefined || !isOwn(origin)) throw foreign();
}

/** Somebody goes to a page, as a whole or in a frame. */
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
