import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import type { Redis as IoRedis } from 'ioredis';
import { unavailable } from '../http/problem.error.js';
import { redisKeys } from './keys.js';
import { Redis } from './redis.js';

const WAIT_MS = 1_000;
/** How long "no replicas" is believed. */
const LOOK_AGAIN_MS = 5_000;

/**
 * A Redis of yours may have replicas, which it tells of a write only after it has answered. What is accepted is answered once at least
 * one of them has it, so that a failover loses nothing accepted. Once seen, replicas are expected until the relay restarts: a primary that
 * lost them all is just what must not accept more.
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
   * Resolves when a replica has everything that was written before the call; at once where there are none.
   * @throws ProblemError 503 when none confirms in time
   */
  async confirm(): Promise<void> {
    if (!(await this.expected())) return;
    // Whoever comes while one WAIT runs shares the next.
    this.next ??= this.running.then(() => {
      this.next = null;
      const wait = this.wait();
      this.running = wait.catch(() => undefined); // each caller gets the failure
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
   * WAIT holds up its connection and speaks for that connection's writes only: hence one of its own, and a write of its own, which
   * comes after all the others in the order that replicas follow.
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
