import { isIP } from 'node:net';
import { getDomain, getPublicSuffix } from 'tldts';
import { MAX_TUNNEL_STREAMS } from '@pizzapi/protocol';
import type { RelayConfig } from './config.js';
import { choice, duration, type Environment, integer, text } from './environment.js';
import { InvalidConfigError } from './invalid-config.error.js';

type TunnelConfig = Pick<RelayConfig, 'tunnelDomain' | 'onlyOwnTunnelCookies' | 'tunnelLimits' | 'tunnelDrainMs'>;

const DOMAIN = 'PIZZAPI_TUNNEL_DOMAIN';
const HOST_NAME = /^(?=.{1,220}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const MANY = 1_000_000;
const A_TERABYTE = 1024 ** 4;

/** What tunnels are set up with. @throws InvalidConfigError */
export function loadTunnelConfig(env: Environment, publicUrl: string): TunnelConfig {
  const domain = tunnelDomain(text(env, DOMAIN)?.toLowerCase() ?? '', new URL(publicUrl));
  const cookies = choice(env, 'PIZZAPI_TUNNEL_COOKIES', ['own', 'all']);
  return {
    tunnelDomain: domain,
    onlyOwnTunnelCookies: cookies === 'own' && domain !== null && isOneSite(domain),
    tunnelLimits: {
      streamsPerRunner: integer(env, 'PIZZAPI_TUNNEL_STREAMS_PER_RUNNER', 4_096, { min: 1, max: MAX_TUNNEL_STREAMS }),
      streamsPerCaller: integer(env, 'PIZZAPI_TUNNEL_STREAMS_PER_CALLER', 2_048, { min: 1, max: MANY }),
      bytesPerSecondPerRunner: bytesPerSecond(env, 'PIZZAPI_TUNNEL_BYTES_PER_SECOND_PER_RUNNER'),
      bytesPerSecondPerCaller: bytesPerSecond(env, 'PIZZAPI_TUNNEL_BYTES_PER_SECOND_PER_CALLER'),
    },
    tunnelDrainMs: duration(env, 'PIZZAPI_TUNNEL_DRAIN', '3s', { minMs: 1, maxMs: 3_600_000 }),
  };
}

/** Zero, the default, is no limit. */
function bytesPerSecond(env: Environment, name: string): number | null {
  return integer(env, name, 0, { min: 0, max: A_TERABYTE }) || null;
}

/**
 * On one machine `localhost`, where every name below it leads to the machine itself and counts as a site of its own. In production it
 * is to be a site of its own too: what the console shares with a tunnel's pages, their scripts may write.
 */
function tunnelDomain(given: string, console: URL): string | null {
  if (given === 'off') return null;
  if (given === '') return isThisMachine(console.hostname) ? withPort('localhost', console.port) : null;
  const [, host = '', port = ''] = /^([^:]+)(?::(\d{1,5}))?$/.exec(given) ?? [];
  if (!HOST_NAME.test(host) || isIP(host) !== 0 || Number(port) > 65_535)
    throw new InvalidConfigError(
      DOMAIN,
      `"${given}" is not a host name such as tunnels.example.net, with its port if it needs one`,
    );
  if (isSameSite(host, console.hostname))
    throw new InvalidConfigError(
      DOMAIN,
      `"${host}" is of the same site as the console at ${console.hostname}, so pages in tunnels could act on the console; use a domain that is registered for tunnels alone`,
    );
  return withPort(host, port);
}

/** Whether cookies could be set for both, or the console itself would count as a tunnel. */
function isSameSite(tunnels: string, console: string): boolean {
  const siteOf = (host: string): string => getDomain(host, { allowPrivateDomains: true }) ?? host;
  const isLocal = tunnels === 'localhost' && isThisMachine(console);
  return !isLocal && (siteOf(tunnels) === siteOf(console) || console.endsWith(`.${tunnels}`));
}

/** Whether a browser takes the hosts below it for one site: below `localhost` and on the public suffix list each is one by itself. */
function isOneSite(domain: string): boolean {
  const host = domain.replace(/:\d+$/, '');
  return getPublicSuffix(host, { allowPrivateDomains: true }) !== host;
}

/** Loopback addresses and the names that always lead there. */
function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || /^127(\.\d+){3}$|^\[::1\]$/.test(hostname);
}

function withPort(host: string, port: string): string {
  return port === '' ? host : `${host}:${port}`;
}
