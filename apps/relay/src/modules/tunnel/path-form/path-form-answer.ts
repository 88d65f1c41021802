import type { AnswerHead } from '@pizzapi/tunnel';
import { forOnePerson, framedByAnyone, without } from '../carrying/answer-headers.js';

/** Gives the page an opaque origin. Without it, a service's page would have the console's origin. */
const SANDBOX = 'sandbox allow-scripts allow-forms';

/** Headers that affect the whole origin, which is the console's here, so services must not set them. */
const OF_THE_ORIGIN: ReadonlySet<string> = new Set([
  'accept-ch',
  'activate-storage-access',
  'alt-svc',
  'clear-site-data',
  'cross-origin-resource-policy',
  'expect-ct',
  'nel',
  'origin-agent-cluster',
  'origin-trial',
  'proxy-authenticate',
  'public-key-pins',
  'referrer-policy',
  'report-to',
  'reporting-endpoints',
  'sec-session-registration',
  'secure-session-registration',
  'service-worker-allowed',
  'set-cookie',
  'set-login',
  'speculation-rules',
  'strict-transport-security',
  'use-as-dictionary',
  // A browser would ask for a password as if for the console, and send it to the console from then on.
  'www-authenticate',
]);

/** Firefox sets cookies from the headers of each part, which are not filtered here, so such responses are sent as plain bytes. */
const OF_PARTS = /^\s*multipart\/(x-)?mixed/i;

/** What is known of the address before the service responds. */
export interface PathForm {
  base: string;
  isByToken: boolean;
  ancestors: string;
}

/** Headers of every response in this form, including errors. */
export function pathFormHeaders({ isByToken, ancestors }: Omit<PathForm, 'base'>): [string, string][] {
  return [
    ['content-security-policy', `${SANDBOX}; frame-ancestors ${ancestors}`],
    ['referrer-policy', 'no-referrer'],
    ['cross-origin-resource-policy', isByToken ? 'cross-origin' : 'same-origin'],
    // To a page with an opaque origin, everything is cross-origin, even its own server.
    ...(isByToken ? OPEN_TO_ALL : []),
  ];
}
const OPEN_TO_ALL: [string, string][] = [
  ['access-control-allow-origin', '*'],
  ['access-control-expose-headers', '*'],
];

/** A service's response as sent below `/api/tunnel`. */
export function pathFormAnswer({ status, headers }: AnswerHead, form: PathForm): AnswerHead {
  const own = without(headers, OF_THE_ORIGIN).filter(([name]) => !name.startsWith('access-control-'));
  const rewritten = framedByAnyone(forOnePerson(own)).map(([name, value]): [string, string] => {
    if (name === 'location') return [name, below(form.base, value)];
    return [name, name === 'content-type' && OF_PARTS.test(value) ? 'application/octet-stream' : value];
  });
  return { status, headers: [...rewritten, ...pathFormHeaders(form)] };
}

/** Adapts a redirect within the service; one to another host is not changed. */
function below(base: string, location: string): string {
  return location.startsWith('/') && !location.startsWith('//') ? base + location : location;
}
