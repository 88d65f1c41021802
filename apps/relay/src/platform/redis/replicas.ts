import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import type { Redis as IoRedis } from 'ioredis';
import { unavailable } from '../http/problem.error.js';
import { redisKeys } from './keys.js';
import { Redis } from './redis.js';

const WAIT_MS = 1_000;
/** How long to believe that there are no replicas. */
const LOOK_AGAIN_MS = 5_000;

/**
 * Waits for replicas of Redis. A Redis of the operator's own may have some, and it replicates a write only after answering it. So what is accepted is
 * answered only when at least one replica has it: a failover then loses nothing. Once there were replicas, they are required until the relay
 * restarts, because a primary that has lost them all is the very one that must not accept anything.
 */
@Injectable()
export class Replicas {
  private connection: IoRedis | null = null;
  private areExpected = false;
  private lookedAt = -Infinity;
  private running: Promise<void> = Promise.resolve();
  private next: Promise<void> | null = null;

  constructor(private readonly redis: Redis) {}

  /**
   * Resolves when a replica has everything that was written before the call, or at once where Redis has no replicas.
   * @throws ProblemError `unavailable` (503) when none confirms in time
   */
  async confirm(): Promise<void> {
    if (!(await this.expected())) return;
    // Callers that come while one WAIT is running share the next one.
    this.next ??= this.running.then(() => {
      this.next = null;
      const wait = this.wait();
      this.running = wait.catch(() => undefined); // its callers get the failure
      return wait;
    });
    await this.next;
  }

  private async expected(): Promise<boolean> {
    const now = performance.now();
    if (this.areExpected || now - this.lookedAt < LOOK_AGAIN_MS) return this.areExpected;
    this.lookedAt = now;
    const info = await this.redis.commands.info('replication');
    this.areExpected = Number(/^connected_slaves:(\d+)/m.exec(info)?.[1] ?? 0) > 0;
    return this.areExpected;
  }

  /**
   * WAIT blocks its connection, and covers only that connection's writes. Hence a connection of its own, with a write of its own: replicas
   * apply writes in order, so one that has this write has all the earlier ones.
   */
  private async wait(): Promise<void> {
    this.connection ??= this.redis.connect('replicas');
    const [, confirmed] = await Promise.all([
      this.connection.set(redisKeys.confirmed, '1', 'PX', WAIT_MS),
      this.connection.wait(1, WAIT_MS),
    ]);
    if (confirmed >= 1) return;
    throw unavailable(
      ProblemCode.unavailable,
      'No replica of Redis confirmed this in time, so it might not survive a failover; try again with the same Idempotency-Key once Redis has a replica.',
    );
  }
}
