import type { RedisOptions } from 'ioredis';

/** How to reach Redis, and what ends with the relay. */
export interface RedisAddress {
  readonly options: RedisOptions;
  /** Stops the relay's own Redis; does nothing for a Redis of yours. */
  stop(): Promise<void>;
}

/** Nothing at `REDIS_URL` answers as a Redis that lets the relay in. */
export class RedisUnreachableError extends Error {
  constructor({ path, host, port }: RedisOptions, cause: Error) {
    super(
      `Redis at ${path ?? `${host}:${port}`} cannot be used: ${cause.message}. Start it, correct REDIS_URL, or leave it out for a Redis of the relay's own.`,
      { cause },
    );
    this.name = 'RedisUnreachableError';
  }
}

/** Parses `REDIS_URL` (`redis://`, `rediss://` or `unix:///path`). */
export function parseRedisUrl(text: string): RedisOptions {
  const url = new URL(text);
  const credentials = {
    ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
  };
  if (url.protocol === 'unix:') return { path: decodeURIComponent(url.pathname), ...credentials };
  const db = Number(url.pathname.slice(1) || '0');
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || '6379'),
    db,
    ...credentials,
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

/** What is wrong with a Redis that lets in whoever reaches its port, as a sentence; null where it wants a password, or has no port. */
export function openDoor({ path, password }: RedisOptions): string | null {
  if (path !== undefined || password !== undefined) return null;
  return (
    'The Redis at REDIS_URL wants no password: whoever reaches its port can change what the relay keeps there, also agents on this machine in ' +
    'the sandbox mode "basic". Set "requirepass" there and put the password into REDIS_URL, or give it a Unix socket.'
  );
}
