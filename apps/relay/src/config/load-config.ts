import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLimits, MAX_INBOX_KEEP_MS, MAX_SPAWN_WAIT_MS } from '@pizzapi/protocol';
import { type DatabaseConfig, type RelayConfig } from './config.js';
import { choice, duration, type Environment, folder, integer, list, proxies, text, url } from './environment.js';
import { InvalidConfigError } from './invalid-config.error.js';
import { loadTunnelConfig } from './load-tunnel-config.js';

/**
 * Parses the relay's environment.
 * @throws InvalidConfigError naming the variable, what is wrong with it and what would be right.
 */
export function loadConfig(env: Environment): RelayConfig {
  const home = folder(env, 'PIZZAPI_HOME') ?? join(homedir(), '.pizzapi');
  const dataDir = folder(env, 'PIZZAPI_DATA_DIR') ?? join(home, 'relay');
  const host = text(env, 'PIZZAPI_HOST') ?? '127.0.0.1';
  const port = integer(env, 'PIZZAPI_PORT', 7492, { min: 0, max: 65_535 });
  const publicUrl = url(env, 'PIZZAPI_PUBLIC_URL', ['http:', 'https:']) ?? `http://localhost:${port}`;
  return {
    dataDir,
    host,
    port,
    publicUrl,
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
    maxChildDepth: integer(env, 'PIZZAPI_MAX_CHILD_DEPTH', DefaultLimits.childDepth, { min: 0, max: 32 }),
    maxChildSessions: integer(env, 'PIZZAPI_MAX_CHILD_SESSIONS', DefaultLimits.childSessions, { min: 0, max: 10_000 }),
    eventBufferSize: integer(env, 'PIZZAPI_RELAY_EVENT_BUFFER_SIZE', DefaultLimits.eventBufferSize, {
      min: 100,
      max: 10_000_000,
    }),
    durability: choice(env, 'PIZZAPI_DURABILITY', ['strict', 'relaxed']),
    secretKeys: secretKeys(env),
    trustedProxies: proxies(env, 'PIZZAPI_TRUSTED_PROXIES'),
    replicaUrl: url(env, 'PIZZAPI_REPLICA_URL', ['http:', 'https:']),
    requestBodyBytes: integer(env, 'PIZZAPI_MAX_BODY_BYTES', DefaultLimits.requestBodyBytes, {
      min: 1024,
      max: 1024 ** 3,
    }),
    triggerPayloadBytes: integer(env, 'PIZZAPI_MAX_TRIGGER_BYTES', DefaultLimits.triggerPayloadBytes, {
      min: 1_024,
      max: 16 * 1024 * 1024,
    }),
    ...attachmentLimits(env),
    ...loadTunnelConfig(env, publicUrl),
    logLevel: choice(env, 'PIZZAPI_LOG_LEVEL', ['info', 'trace', 'debug', 'warn', 'error', 'silent']),
    consoleDir: consoleDir(env),
  };
}

type AttachmentConfig = Pick<
  RelayConfig,
  | 'attachmentBytes'
  | 'attachmentsPerMessage'
  | 'sessionAttachmentBytes'
  | 'userAttachmentBytes'
  | 'attachmentStoreBytes'
  | 'uploadsAtOnce'
  | 'uploadsAtOncePerUser'
  | 'uploadIdleMs'
>;

function attachmentLimits(env: Environment): AttachmentConfig {
  const { attachmentBytes, attachmentsPerMessage, attachmentBytesPerSession } = DefaultLimits;
  const { attachmentBytesPerUser, attachmentStoreBytes, uploadsAtOnce, uploadsAtOncePerUser, uploadIdleS } =
    DefaultLimits;
  return {
    attachmentBytes: integer(env, 'PIZZAPI_MAX_ATTACHMENT_BYTES', attachmentBytes, { min: 1, max: 1024 ** 3 }),
    attachmentsPerMessage: integer(env, 'PIZZAPI_MAX_ATTACHMENTS_PER_MESSAGE', attachmentsPerMessage, {
      min: 0,
      max: 100,
    }),
    sessionAttachmentBytes: integer(env, 'PIZZAPI_MAX_SESSION_ATTACHMENT_BYTES', attachmentBytesPerSession, {
      min: 0,
      max: 1024 ** 4,
    }),
    userAttachmentBytes: integer(env, 'PIZZAPI_MAX_USER_ATTACHMENT_BYTES', attachmentBytesPerUser, {
      min: 0,
      max: 1024 ** 5,
    }),
    attachmentStoreBytes: integer(env, 'PIZZAPI_MAX_ATTACHMENT_STORE_BYTES', attachmentStoreBytes, {
      min: 0,
      max: 1024 ** 5,
    }),
    uploadsAtOnce: integer(env, 'PIZZAPI_MAX_UPLOADS', uploadsAtOnce, { min: 1, max: 10_000 }),
    uploadsAtOncePerUser: integer(env, 'PIZZAPI_MAX_UPLOADS_PER_USER', uploadsAtOncePerUser, { min: 1, max: 1_000 }),
    uploadIdleMs: integer(env, 'PIZZAPI_UPLOAD_IDLE_SECONDS', uploadIdleS, { min: 1, max: 3_600 }) * 1_000,
  };
}

function database(env: Environment, dataDir: string): DatabaseConfig {
  const given = text(env, 'DATABASE_URL');
  if (given === undefined) return { type: 'sqlite', file: join(dataDir, 'pizzapi.db') };
  if (given.startsWith('sqlite:')) {
    const file = given.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
    if (file === '') throw new InvalidConfigError('DATABASE_URL', 'names no file after "sqlite:"');
    return { type: 'sqlite', file: resolve(file) };
  }
  if (/^postgres(ql)?:\/\//.test(given)) return { type: 'postgres', url: given };
  throw new InvalidConfigError('DATABASE_URL', 'starts neither with "sqlite:" nor with "postgres://"');
}

function secretKeys(env: Environment): string[] | null {
  const keys = list(env, 'PIZZAPI_SECRET_KEY');
  if (keys.length === 0) return null;
  if (keys.some((key) => key.length < 32)) {
    throw new InvalidConfigError(
      'PIZZAPI_SECRET_KEY',
      'is shorter than 32 characters; make one with: openssl rand -hex 32',
    );
  }
  return keys;
}

function consoleDir(env: Environment): string | null {
  // From the bundle: dist/relay/bundle and dist/web.
  const built = text(env, 'PIZZAPI_CONSOLE_DIR') ?? fileURLToPath(new URL('../../web', import.meta.url));
  return existsSync(join(built, 'index.html')) ? resolve(built) : null;
}
