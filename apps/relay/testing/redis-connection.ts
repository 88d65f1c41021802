import { PinoLogger } from 'nestjs-pino';
import { parseRedisUrl } from '../src/platform/redis/redis-address.js';
import { Redis } from '../src/platform/redis/redis.js';
import type { TestRedis } from './redis-server.js';

export const silent = new PinoLogger({ pinoHttp: { level: 'silent' } });

/** The platform's Redis on a test's server, as one replica has it. */
export function connectTo(server: TestRedis): Redis {
  return new Redis({ options: parseRedisUrl(server.url), stop: () => Promise.resolve() }, silent);
}
