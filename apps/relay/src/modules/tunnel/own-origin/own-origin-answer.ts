import type { AnswerHead, HeaderList } from '@pizzapi/tunnel';
import { forOnePerson, framedByAnyone, without } from '../carrying/answer-headers.js';
import { OUR_PREFIX } from '../carrying/tunnel-cookie.js';

/** Headers that would delete the relay's cookie or make the browser bypass the relay. */
const NOT_FOR_BROWSERS: ReadonlySet<string> = new Set(['alt-svc', 'clear-site-data']);

interface OwnOrigin {
  /** The `frame-ancestors` of the response. */
  ancestors: string;
  /** Cookies to set in addition to one of the service. */
  proofFor: (cookie: string) => string[];
}

/** A service's response as sent to the browser on the tunnel's own origin. */
export function ownOriginAnswer({ status, headers }: AnswerHead, { ancestors, proofFor }: OwnOrigin): AnswerHead {
  const cookies = forOnePerson(without(headers, NOT_FOR_BROWSERS)).flatMap(([name, value]): [string, string][] => {
    if (name !== 'set-cookie') return [[name, value]];
    const cookie = ownCookie(value);
    return cookie === null ? [] : [cookie, ...proofFor(cookie)].map((each) => [name, each]);
  });
  const framed: HeaderList = [...framedByAnyone(cookies), ['content-security-policy', `frame-ancestors ${ancestors}`]];
  return { status, headers: apart(framed) };
}

/** Keeps a page from using `document.domain` to become same-origin with siblings, as all tunnels of a domain are one site. */
function apart(headers: HeaderList): HeaderList {
  return [...headers.filter(([name]) => name !== 'origin-agent-cluster'), ['origin-agent-cluster', '?1']];
}

/** Restricts a cookie to this host. @returns null for one that imitates the relay's */
function ownCookie(cookie: string): string | null {
  const [pair = '', ...attributes] = cookie.split(';');
  // Browsers compare the prefix case-insensitively.
  if (pair.trim().toLowerCase().startsWith(OUR_PREFIX.toLowerCase())) return null;
  return [pair, ...attributes.filter((attribute) => !/^\s*domain\s*(=|$)/i.test(attribute))].join(';');
}
