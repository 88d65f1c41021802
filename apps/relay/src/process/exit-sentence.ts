import { DataInUseError } from '../config/data-lock.js';
import { InvalidConfigError } from '../config/invalid-config.error.js';
import { DatabaseUnreachableError } from '../platform/database/database.module.js';
import { DatabaseTooNewError } from '../platform/database/migrate.js';
import { UnsafeRedisError } from '../platform/redis/check-redis.js';
import { NoRedisError } from '../platform/redis/own-redis.js';
import { RedisUnreachableError } from '../platform/redis/redis-address.js';

const MENDABLE = [
  InvalidConfigError,
  DataInUseError,
  UnsafeRedisError,
  RedisUnreachableError,
  NoRedisError,
  DatabaseUnreachableError,
  DatabaseTooNewError,
];
/** What the system says of a folder or file that the relay may not use, or that is none. */
const UNUSABLE = new Set(['EACCES', 'EPERM', 'ENOTDIR', 'EEXIST', 'EROFS', 'ENOSPC', 'ENOENT']);

/** What an operator can mend, as one sentence; null for what needs a stack. */
export function exitSentence(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if (MENDABLE.some((kind) => error instanceof kind)) return error.message;
  if (!('syscall' in error && 'code' in error)) return null;
  const { code } = error;
  if ('path' in error && error.syscall !== 'connect' && UNUSABLE.has(String(code)))
    return `The relay cannot keep its data: ${error.message}. Correct PIZZAPI_HOME, PIZZAPI_DATA_DIR or DATABASE_URL.`;
  return whyNotListening(error);
}

function whyNotListening(error: Error & { syscall: unknown; code: unknown }): string | null {
  const { code } = error;
  // Redis's and the database's names are looked up by their own clients, whose failures have names of their own.
  if (error.syscall === 'getaddrinfo' && 'hostname' in error)
    return `No address is known for "${String(error.hostname)}"; correct PIZZAPI_HOST.`;
  if (error.syscall !== 'listen') return null;
  const port = 'port' in error ? String(error.port) : '';
  const address = 'address' in error ? String(error.address) : '';
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken by another program; stop it or set PIZZAPI_PORT to a free port.`;
  if (code === 'EADDRNOTAVAIL') return `This machine has no address ${address}; correct PIZZAPI_HOST.`;
  if (code === 'EACCES')
    return `Port ${port} needs privileges that the relay does not have; set PIZZAPI_PORT to 1024 or higher.`;
  return null;
}
