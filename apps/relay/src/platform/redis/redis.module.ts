import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Redis as IoRedis } from 'ioredis';
import { PinoLogger } from 'nestjs-pino';
import { RelayConfig } from '../../config/config.js';
import { Channels } from './channels.js';
import { checkRedis, UnsafeRedisError } from './check-redis.js';
import { OwnRedis } from './own-redis.js';
import { openDoor, parseRedisUrl, type RedisAddress, RedisUnreachableError } from './redis-address.js';
import { Redis } from './redis.js';
import { Replicas } from './replicas.js';
import { SharedClock } from './shared-clock.js';

const REDIS_ADDRESS = Symbol('RedisAddress');

@Global()
@Module({
  providers: [
    { provide: REDIS_ADDRESS, inject: [RelayConfig, PinoLogger], useFactory: findRedis },
    {
      provide: Redis,
      inject: [REDIS_ADDRESS, PinoLogger],
      useFactory: (address: RedisAddress, logger: PinoLogger) => new Redis(address, logger),
    },
    Channels,
    Replicas,
    SharedClock,
  ],
  exports: [Redis, Channels, Replicas, SharedClock],
})
export class RedisModule implements OnApplicationShutdown {
  constructor(@Inject(REDIS_ADDRESS) private readonly address: RedisAddress) {}

  /** Runs after every connection was closed. */
  async onApplicationShutdown(): Promise<void> {
    await this.address.stop();
  }
}

async function findRedis(config: RelayConfig, logger: PinoLogger): Promise<RedisAddress> {
  if (config.redisUrl === null) return OwnRedis.start(config.dataDir, config.durability, logger);
  const options = parseRedisUrl(config.redisUrl);
  const probe = new IoRedis({ ...options, maxRetriesPerRequest: 3 });
  let problem: Error | null = null;
  probe.on('error', (error: Error) => (problem = error));
  try {
    for (const warning of [await checkRedis(probe), openDoor(options)]) if (warning !== null) logger.warn(warning);
  } catch (error) {
    if (error instanceof UnsafeRedisError || !(error instanceof Error)) throw error;
    throw new RedisUnreachableError(options, problem ?? error);
  } finally {
    probe.disconnect();
  }
  return { options, stop: () => Promise.resolve() };
}
