import type { TunnelTicket, TunnelView } from '@pizzapi/protocol';

/** The console's page that leads into the tunnel, on the origin that this console was opened at. */
export function entryPage({ url }: Pick<TunnelView, 'url'>): string {
  return URL.parse(url, location.origin)?.pathname ?? '/';
}

/** Where the ticket leads. The path form is on this origin, since the relay may be known by other names than its public one. */
export function ticketAddress({ url, form }: TunnelTicket): string {
  if (form === 'origin') return url;
  const { pathname, search } = new URL(url);
  return location.origin + pathname + search;
}

/** A path as the relay takes it: absolute within the tunnel, percent-encoded, without a host. Undefined where there is none. */
export function pathWithin(path: string | undefined): string | undefined {
  if (!path?.startsWith('/')) return undefined;
  // Resolved against a made-up host, so that `//evil.example` stays a path.
  const url = URL.parse(`http://tunnel.invalid${path}`);
  return url?.host === 'tunnel.invalid' ? url.pathname + url.search : undefined;
}
