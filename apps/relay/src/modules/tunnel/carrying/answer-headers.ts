import type { HeaderList } from '@pizzapi/tunnel';

/**
 * Without what a service says of who may frame its page: it does not know the console. All else of its policies stays. Whoever calls this says
 * it instead.
 */
export function framedByAnyone(headers: HeaderList): HeaderList {
  return headers.flatMap(([name, value]): [string, string][] => {
    if (name === 'x-frame-options') return [];
    if (name !== 'content-security-policy') return [[name, value]];
    const policy = withoutFrameAncestors(value);
    return policy === '' ? [] : [[name, policy]];
  });
}

/** One header may hold several policies, separated by commas. */
function withoutFrameAncestors(value: string): string {
  return value
    .split(',')
    .map((policy) =>
      policy
        .split(';')
        .filter((directive) => !/^\s*frame-ancestors(\s|$)/i.test(directive))
        .join(';')
        .trim(),
    )
    .filter((policy) => policy !== '')
    .join(', ');
}

/** As a policy names them. Browsers know no IPv6 addresses there. */
export function frameAncestors(origins: readonly string[]): string {
  return ["'self'", ...origins.filter((origin) => !origin.includes('['))].join(' ');
}

/** What proxies in front of a relay obey, and a page's service has no business to say: a file of theirs to send instead, for one. */
const FOR_PROXIES =
  /^(x-accel-(?!buffering$)|x-sendfile$|x-lighttpd-|x-litespeed-|x-reproxy-|surrogate-control$|([a-z]+-)?cdn-cache-control$)/;

/** Without orders to proxies. A tunnel is one person's, so whatever keeps answers for several people does not keep these. */
export function forOnePerson(headers: HeaderList): HeaderList {
  const own = headers.filter(([name]) => !FOR_PROXIES.test(name));
  const isSaid = own.some(([name, value]) => name === 'cache-control' && /\b(private|no-store)\b/i.test(value));
  return isSaid ? own : [...own, ['cache-control', 'private']];
}

export function without(headers: HeaderList, names: ReadonlySet<string>): HeaderList {
  return headers.filter(([name]) => !names.has(name));
}
