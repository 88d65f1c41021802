import type { TunnelTicket, TunnelView } from '@pizzapi/protocol';
import { has, isCount, isRecord } from '../shape';

/** The minimum shape of answers about tunnels. */
export function isTunnel(value: unknown): value is TunnelView {
  return (
    has(value, 'tunnelId', 'runnerId', 'name', 'openedBy', 'url', 'createdAt') &&
    ['sessionId', 'serviceId', 'origin'].every((name) => value[name] === null || typeof value[name] === 'string') &&
    (value['port'] === null || isCount(value['port']))
  );
}

/** People trust the address they open, so one that leads elsewhere than it says is rejected. */
export function isTunnelTicket(value: unknown): value is TunnelTicket {
  if (!isRecord(value) || !has(value, 'url', 'form', 'expiresAt')) return false;
  const url = URL.parse(value.url);
  if (url === null || !/^https?:$/.test(url.protocol)) return false;
  return value.form === 'path'
    ? url.pathname.startsWith('/api/tunnel/auth/')
    : value.form === 'origin' && url.origin !== location.origin;
}
