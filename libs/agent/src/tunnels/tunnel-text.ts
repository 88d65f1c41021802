import type { TunnelView } from '@pizzapi/protocol';

/** Said with every address, because a model would otherwise try to fetch it. */
export const WHO_MAY_OPEN =
  'Only the person whose session this is can open it, in a browser that is logged in to PizzaPi: give them the address. You cannot fetch it; use http://localhost:<port> yourself.';

/** Tunnels as the model reads them: the id first, because that is what close_tunnel takes, the address last. */
export function describeTunnels(tunnels: readonly TunnelView[]): string {
  if (tunnels.length === 0) return 'No port is exposed for this session.';
  return [...tunnels.map(describeTunnel), WHO_MAY_OPEN].join('\n');
}

export function describeTunnel({ tunnelId, serviceId, port, name, url }: TunnelView): string {
  const label = `"${name.replaceAll(/\s+/g, ' ').trim()}"`;
  if (serviceId === null) return `${tunnelId}: port ${port ?? 'unknown'}, ${label}, ${url}`;
  return `${tunnelId}: panel ${label} of the service ${serviceId}${port === null ? ' (not running now)' : ''}, ${url}`;
}
