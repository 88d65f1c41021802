import type { RelayConfig } from '../../config/config.js';

/**
 * Whether a browser's `Origin` is the console's: the public address, or this machine's own names while the relay only
 * listens here.
 */
export function isOwnOrigin(origin: string, config: Pick<RelayConfig, 'publicUrl' | 'host' | 'port'>): boolean {
  return consoleOrigins(config).includes(origin);
}

/** All of them. */
export function consoleOrigins({
  publicUrl,
  host,
  port,
}: Pick<RelayConfig, 'publicUrl' | 'host' | 'port'>): readonly string[] {
  const isLocalOnly = host === '127.0.0.1' || host === '::1' || host === 'localhost';
  const local = isLocalOnly ? LOCAL_NAMES.map((name) => `http://${name}:${port}`) : [];
  return [...new Set([new URL(publicUrl).origin, ...local])];
}
const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]'];
