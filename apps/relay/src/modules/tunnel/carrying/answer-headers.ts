import type { HeaderList } from '@pizzapi/tunnel';

/**
 * Removes a service's restrictions on framing, as it does not know the console. The rest of its policies is kept. The caller adds its own
 * `frame-ancestors`.
 */
export function framedByAnyone(headers: HeaderList): HeaderList {
  return headers.flatMap(([name, value]): [string, string][] => {
    if (name === 'x-frame-options') return [];
    if (name !== 'content-security-policy') return [[name, value]];
    const policy = withoutFrameAncestors(value);
    return policy === '' ? [] : [[name, policy]];
  });
}

/** A header may contain several policies, separated by commas. */
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

/** Origins in the form of a `frame-ancestors` policy, in which browsers do not support IPv6 addresses. */
export function frameAncestors(origins: readonly string[]): string {
  return ["'self'", ...origins.filter((origin) => !origin.includes('['))].join(' ');
}

/** Headers that instruct proxies in front of the relay, for example to send one of their files instead. Services must not use them. */
const FOR_PROXIES =
  /^(x-accel-(?!buffering$)|x-sendfile$|x-lighttpd-|x-litespeed-|x-reproxy-|surrogate-control$|([a-z]+-)?cdn-cache-control$)/;

/** Removes instructions to proxies, and keeps shared caches from storing responses, as a tunnel belongs to one person. */
export function forOnePerson(headers: HeaderList): HeaderList {
  const own = headers.filter(([name]) => !FOR_PROXIES.test(name));
  const isSaid = own.some(([name, value]) => name === 'cache-control' && /\b(private|no-store)\b/i.test(value));
  return isSaid ? own : [...own, ['cache-control', 'private']];
}

export function without(headers: HeaderList, names: ReadonlySet<string>): HeaderList {
  return headers.filter(([name]) => !names.has(name));
}
