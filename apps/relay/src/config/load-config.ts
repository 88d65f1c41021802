import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLimits, MAX_INBOX_KEEP_MS, MAX_SPAWN_WAIT_MS } from '@pizzapi/protocol';
import { type DatabaseConfig, type RelayConfig } from './config.js';
import { InvalidConfigError } from './invalid-config.error.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Parses the relay's environment.
 * @throws InvalidConfigError naming the variable, what is wrong with it and what would be right.
 */
export function loadConfig(env: Environment): RelayConfig {
  const home = resolve(env['PIZZAPI_HOME'] ?? join(homedir(), '.pizzapi'));
  const dataDir = resolve(env['PIZZAPI_DATA_DIR'] ?? join(home, 'relay'));
  const host = env['PIZZAPI_HOST'] ?? '127.0.0.1';
  const port = integer(env, 'PIZZAPI_PORT', 7492, { min: 0, max: 65_535 });
  return {
    dataDir,
    host,
    port,
    publicUrl: publicUrl(env, port),
    redisUrl: url(env, 'REDIS_URL', ['redis:', 'rediss:', 'unix:']),
    database: database(env, dataDir),
    registration: choice(env, 'PIZZAPI_REGISTRATION', ['invite', 'open', 'closed']),
    spawnMaxWaitMs: duration(env, 'PIZZAPI_SPAWN_MAX_WAIT', '24h', { minMs: 1_000, maxMs: MAX_SPAWN_WAIT_MS }),
    inboxKeepMs: duration(env, 'PIZZAPI_INBOX_KEEP', '7d', { minMs: 1_000, maxMs: MAX_INBOX_KEEP_MS }),
    maxSubscriptionsPerSession: integer(
      env,
      'PIZZAPI_MAX_SUBSCRIPTIONS_PER_SESSION',
      DefaultLimits.subscriptionsPerSession,
      { min: 1, max: 10_000 },
    ),
    eventBufferSize: integer(env, 'PIZZAPI_RELAY_EVENT_BUFFER_SIZE', DefaultLimits.eventBufferSize, {
      min: 100,
      max: 10_000_000,
    }),
    durability: choice(env, 'PIZZAPI_DURABILITY', ['strict', 'relaxed']),
    secretKeys: secretKeys(env),
    trustedProxies: list(env['PIZZAPI_TRUSTED_PROXIES']),
    replicaUrl: url(env, 'PIZZAPI_REPLICA_URL', ['http:', 'https:']),
    requestBodyBytes: integer(env, 'PIZZAPI_MAX_BODY_BYTES', DefaultLimits.requestBodyBytes, {
      min: 1024,
      max: 1024 ** 3,
    }),
    triggerPayloadBytes: integer(env, 'PIZZAPI_MAX_TRIGGER_BYTES', DefaultLimits.triggerPayloadBytes, {
      min: 1_024,
      max: 16 * 1024 * 1024,
    }),
    logLevel: choice(env, 'PIZZAPI_LOG_LEVEL', ['info', 'trace', 'debug', 'warn', 'error', 'silent']),
    consoleDir: consoleDir(env),
  };
}

function integer(env: Environment, name: string, fallback: number, { min, max }: { min: number; max: number }): number {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new InvalidConfigError(name, `"${text}" is not a whole number from ${min} to ${max}`);
  }
  return value;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function duration(
  env: Environment,
  name: string,
  fallback: string,
  { minMs, maxMs }: { minMs: number; maxMs: number },
): number {
  const text = env[name]?.trim() || fallback;
  const [, count = '', unit = ''] = /^(\d+)(ms|[smhd])$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS[unit] ?? NaN);
  if (!(ms >= minMs && ms <= maxMs)) {
    throw new InvalidConfigError(
      name,
      `"${text}" is not a duration like 30s, 90m, 24h or 7d, from ${minMs} to ${maxMs} ms`,
    );
  }
  return ms;
}

function choice<const T extends string>(env: Environment, name: string, allowed: readonly [T, ...T[]]): T {
  const text = env[name];
  if (text === undefined || text === '') return allowed[0];
  const found = allowed.find((value) => value === text);
  if (found === undefined) throw new InvalidConfigError(name, `"${text}" is not one of ${allowed.join(', ')}`);
  return found;
}

function url(env: Environment, name: string, protocols: readonly string[]): string | null {
  const text = env[name]?.trim();
  if (!text) return null;
  // The value may hold a password, so it is never repeated in the message.
  if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol)) {
    throw new InvalidConfigError(name, `is not a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}`);
  }
  return text.replace(/\/$/, '');
}

function publicUrl(env: Environment, port: number): string {
  return url(env, 'PIZZAPI_PUBLIC_URL', ['http:', 'https:']) ?? `http://localhost:${port}`;
}

function database(env: Environment, dataDir: string): DatabaseConfig {
  const text = env['DATABASE_URL']?.trim();
  if (!text) return { type: 'sqlite', file: join(dataDir, 'pizzapi.db') };
  if (text.startsWith('sqlite:')) {
    const file = text.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
    if (file === '') throw new InvalidConfigError('DATABASE_URL', 'names no file after "sqlite:"');
    return { type: 'sqlite', file: resolve(file) };
  }
  if (/^postgres(ql)?:\/\//.test(text)) return { type: 'postgres', url: text };
  throw new InvalidConfigError('DATABASE_URL', 'starts neither with "sqlite:" nor with "postgres://"');
}

function secretKeys(env: Environment): string[] | null {
  const keys = list(env['PIZZAPI_SECRET_KEY']);
  if (keys.length === 0) return null;
  if (keys.some((key) => key.length < 32)) {
    throw new InvalidConfigError(
      'PIZZAPI_SECRET_KEY',
      'is shorter than 32 characters; make one with: openssl rand -hex 32',
    );
  }
  return keys;
}

function list(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function consoleDir(env: Environment): string | null {
  // From the bundle: dist/relay/bundle and dist/web.
  const built = env['PIZZAPI_CONSOLE_DIR'] ?? fileURLToPath(new URL('../../web', import.meta.url));
  return existsSync(join(built, 'index.html')) ? resolve(built) : null;
}
