import type { TunnelTicket, TunnelView } from '@pizzapi/protocol';
import { has, isCount, isRecord } from '../realtime/shape';

/** What answers about tunnels must look like at the least. */
export function isTunnel(value: unknown): value is TunnelView {
  return (
    has(value, 'tunnelId', 'runnerId', 'name', 'openedBy', 'url', 'createdAt') &&
    ['sessionId', 'serviceId', 'origin'].every((name) => value[name] === null || typeof value[name] === 'string') &&
    (value['port'] === null || isCount(value['port']))
  );
}

/** An address is entered with the person's trust: one that leads elsewhere than it says is none. */
export function isTunnelTicket(value: unknown): value is TunnelTicket {
  if (!isRecord(value) || !has(value, 'url', 'form', 'expiresAt')) return false;
  const url = URL.parse(value.url);
  if (url === null || !/^https?:$/.test(url.protocol)) return false;
  return value.form === 'path'
    ? url.pathname.startsWith('/api/tunnel/auth/')
    : value.form === 'origin' && url.origin !== location.origin;
}
