import type { AnswerHead } from '@pizzapi/tunnel';
import { forOnePerson, framedByAnyone, without } from '../carrying/answer-headers.js';

/** An origin of its own that is equal to nothing, wherever the page came from; without it a service's page would be the console's. */
const SANDBOX = 'sandbox allow-scripts allow-forms';

/** What a service may not say of the console's origin, on which these addresses are. */
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
  // A browser would ask for a password as if it were the console's, and send it to the console from then on.
  'www-authenticate',
]);

/** Each of its parts has a head of its own, by which Firefox sets cookies; nobody looks into these. */
const OF_PARTS = /^\s*multipart\/(x-)?mixed/i;

/** What is known of the form before any answer of the service. */
export interface PathForm {
  base: string;
  isByToken: boolean;
  ancestors: string;
}

/** Of every answer of this form, errors too. */
export function pathFormHeaders({ isByToken, ancestors }: Omit<PathForm, 'base'>): [string, string][] {
  return [
    ['content-security-policy', `${SANDBOX}; frame-ancestors ${ancestors}`],
    ['referrer-policy', 'no-referrer'],
    ['cross-origin-resource-policy', isByToken ? 'cross-origin' : 'same-origin'],
    // To a page of such an origin everything is another one, also where it came from.
    ...(isByToken ? OPEN_TO_ALL : []),
  ];
}
const OPEN_TO_ALL: [string, string][] = [
  ['access-control-allow-origin', '*'],
  ['access-control-expose-headers', '*'],
];

/** A service's answer below `/api/tunnel`. */
export function pathFormAnswer({ status, headers }: AnswerHead, form: PathForm): AnswerHead {
  const own = without(headers, OF_THE_ORIGIN).filter(([name]) => !name.startsWith('access-control-'));
  const rewritten = framedByAnyone(forOnePerson(own)).map(([name, value]): [string, string] => {
    if (name === 'location') return [name, below(form.base, value)];
    return [name, name === 'content-type' && OF_PARTS.test(value) ? 'application/octet-stream' : value];
  });
  return { status, headers: [...rewritten, ...pathFormHeaders(form)] };
}

/** A redirect within the service; one to elsewhere is left as it is. */
function below(base: string, location: string): string {
  return location.startsWith('/') && !location.startsWith('//') ? base + location : location;
}
