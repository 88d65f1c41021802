import type { AnswerHead, HeaderList } from '@pizzapi/tunnel';
import { forOnePerson, framedByAnyone, without } from '../carrying/answer-headers.js';
import { OUR_PREFIX } from '../carrying/tunnel-cookie.js';

/** What would end our cookie, or lead the browser past the relay. */
const NOT_FOR_BROWSERS: ReadonlySet<string> = new Set(['alt-svc', 'clear-site-data']);

interface OwnOrigin {
  /** Who may frame it, as a policy says it. */
  ancestors: string;
  /** What is set beside a cookie. */
  proofFor: (cookie: string) => string[];
}

/** A service's answer as a browser gets it on the tunnel's own origin. */
export function ownOriginAnswer({ status, headers }: AnswerHead, { ancestors, proofFor }: OwnOrigin): AnswerHead {
  const cookies = forOnePerson(without(headers, NOT_FOR_BROWSERS)).flatMap(([name, value]): [string, string][] => {
    if (name !== 'set-cookie') return [[name, value]];
    const cookie = ownCookie(value);
    return cookie === null ? [] : [cookie, ...proofFor(cookie)].map((each) => [name, each]);
  });
  const framed: HeaderList = [...framedByAnyone(cookies), ['content-security-policy', `frame-ancestors ${ancestors}`]];
  return { status, headers: apart(framed) };
}

/** Tunnels of one domain are one site: without this a page could make itself the same origin as its sibling, by `document.domain`. */
function apart(headers: HeaderList): HeaderList {
  return [...headers.filter(([name]) => name !== 'origin-agent-cluster'), ['origin-agent-cluster', '?1']];
}

/** A cookie for this host alone; null for one that pretends to be ours. */
function ownCookie(cookie: string): string | null {
  const [pair = '', ...attributes] = cookie.split(';');
  // Browsers compare the prefix without regard to case.
  if (pair.trim().toLowerCase().startsWith(OUR_PREFIX.toLowerCase())) return null;
  return [pair, ...attributes.filter((attribute) => !/^\s*domain\s*(=|$)/i.test(attribute))].join(';');
}
