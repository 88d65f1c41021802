import type { RedisOptions } from 'ioredis';

/** How to reach Redis, and how to stop one that belongs to the relay. */
export interface RedisAddress {
  readonly options: RedisOptions;
  /** Stops the relay's own Redis; does nothing for the operator's. */
  stop(): Promise<void>;
}

/** No Redis answers at `REDIS_URL`, or it refuses the relay. */
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

/** A warning about a Redis that lets in anybody who reaches its port; null where it has a password, or a Unix socket instead of a port. */
export function openDoor({ path, password }: RedisOptions): string | null {
  if (path !== undefined || password !== undefined) return null;
  return (
    'The Redis at REDIS_URL wants no password: whoever reaches its port can change what the relay keeps there, also agents on this machine in ' +
    'the sandbox mode "basic". Set "requirepass" there and put the password into REDIS_URL, or give it a Unix socket.'
  );
}
