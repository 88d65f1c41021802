import type { RelayConfig } from '../../config/config.js';

/**
 * Whether a browser's `Origin` is the console's: the public address, or this machine's own names while the relay only
 * listens here.
 */
export function isOwnOrigin(origin: string, config: Pick<RelayConfig, 'publicUrl' | 'host' | 'port'>): boolean {
  if (origin === new URL(config.publicUrl).origin) return true;
  const isLocalOnly = config.host === '127.0.0.1' || config.host === '::1' || config.host === 'localhost';
  return isLocalOnly && LOCAL_NAMES.some((name) => origin === `http://${name}:${config.port}`);
}
const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]'];
