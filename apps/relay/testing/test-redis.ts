import { RedisServer } from '@pizzapi/testing';
import { PinoLogger } from 'nestjs-pino';
import { parseRedisUrl } from '../src/platform/redis/redis-address.js';
import { Redis } from '../src/platform/redis/redis.js';

export const silent = new PinoLogger({ pinoHttp: { level: 'silent' } });

/** A Redis server, and the platform's connections to it as its replicas have them. */
export class TestRedis implements AsyncDisposable {
  private readonly replicas: Redis[] = [];

  private constructor(private readonly server: RedisServer) {}

  /** @param settings as for `RedisServer.start` */
  static async start(...settings: string[]): Promise<TestRedis> {
    return new TestRedis(await RedisServer.start(...settings));
  }

  /** The Redis of one more replica. */
  connect(): Redis {
    const redis = new Redis({ options: parseRedisUrl(this.server.url), stop: () => Promise.resolve() }, silent);
    this.replicas.push(redis);
    return redis;
  }

  async stop(): Promise<void> {
    for (const redis of this.replicas) redis.onApplicationShutdown();
    await this.server.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
