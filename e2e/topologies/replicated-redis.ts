import { LoadBalancer, RedisServer, waitFor } from '@pizzapi/testing';
import { Redis } from 'ioredis';

/**
 * A primary and its replica behind one address, as a managed Redis is: when the primary dies the replica takes its place, and the one that
 * died comes back as the replica.
 */
export class ReplicatedRedis implements AsyncDisposable {
  private constructor(
    private readonly front: LoadBalancer,
    /** From the replica to the primary. */
    private readonly link: LoadBalancer,
    private readonly places: { primary: RedisServer; replica: RedisServer },
  ) {}

  static async start(): Promise<ReplicatedRedis> {
    const settings = ['--repl-diskless-sync-delay', '0'];
    const [primary, replica] = await Promise.all([RedisServer.start(...settings), RedisServer.start(...settings)]);
    const places = { primary, replica };
    const ofPrimary = (): number[] => [Number(new URL(places.primary.url).port)];
    const redis = new ReplicatedRedis(await LoadBalancer.start(ofPrimary), await LoadBalancer.start(ofPrimary), places);
    await redis.follow();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.front.port}`;
  }

  /** From now on the replica gets nothing, and nobody is told. Until the next {@link failOver}. */
  cutReplica(): void {
    this.link.cut();
  }

  /** The primary dies with whatever its replica does not have. Resolves when there is a replica again. */
  async failOver(): Promise<void> {
    const { primary, replica } = this.places;
    await primary.kill();
    await ask(replica, (redis) => redis.replicaof('NO', 'ONE'));
    Object.assign(this.places, { primary: replica, replica: primary });
    this.link.heal();
    await primary.restart();
    await this.follow();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.front.stop(), this.link.stop()]);
    await Promise.all([this.places.primary.stop(), this.places.replica.stop()]);
  }

  private async follow(): Promise<void> {
    const { primary, replica } = this.places;
    await ask(replica, (redis) => redis.replicaof('127.0.0.1', this.link.port));
    await ask(primary, (redis) =>
      waitFor(async () => /state=online/.test(await redis.info('replication')), { description: 'the replica follows' }),
    );
  }
}

async function ask<T>(server: RedisServer, question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(server.url);
  try {
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}
