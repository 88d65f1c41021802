import { ConfigError } from './config-error.js';

const HTTP_SCHEME: Record<string, string> = { 'http:': 'http:', 'https:': 'https:', 'ws:': 'http:', 'wss:': 'https:' };

/** Normal form `http(s)://host[:port]` without a trailing slash, or null for "off". */
export function parseRelayUrl(text: string, setting: string): string | null {
  if (text.trim() === 'off') return null;
  const url = URL.parse(text.trim());
  const scheme = url && HTTP_SCHEME[url.protocol];
  if (!url || !scheme || url.hostname === '') {
    throw new ConfigError(
      setting,
      `"${withoutCredentials(text)}" is not an address; write http(s)://host:port, or "off"`,
    );
  }
  if (url.username || url.password) {
    throw new ConfigError(setting, 'an address holds no credentials; put the key into PIZZAPI_API_KEY');
  }
  if (url.pathname !== '/' || url.search || url.hash) {
    throw new ConfigError(
      setting,
      `write only scheme, host and port, without "${url.pathname}${url.search ? '?…' : ''}"`,
    );
  }
  return `${scheme}//${url.host}`;
}

/** The relay honours the enrolment secret from this machine only, so the runner offers it to no other. */
export function isLoopback(relayUrl: string): boolean {
  const { hostname } = new URL(relayUrl);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
}

function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/@]*@/, '//…@');
}
