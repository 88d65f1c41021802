import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { v7 } from 'uuid';
import { NEVER_CHANGED, runnerKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { EventBus } from '../../../platform/streams/event-bus.js';

/** A version expires after this long without a change. By then nothing is left anywhere that was cached under an older one. */
const LIFETIME_S = 24 * 60 * 60;
const MAX_RUNNERS = 10_000;

/**
 * The version of everything that decides whom a runner's triggers reach: its subscriptions, its listeners, which of its sessions are open,
 * and the runner itself with what it announces. A replica that caches any of that compares versions before it uses it.
 *
 * A version is a random name, not a number: a Redis that has lost its last second would give the same number to two different states.
 */
@Injectable()
export class WantedVersion {
  private readonly lastSeenOf = new LRUCache<string, string>({ max: MAX_RUNNERS });

  constructor(
    private readonly redis: Redis,
    private readonly bus: EventBus,
  ) {}

  /** Must be read before what it stands for, never after. */
  async read(runnerId: string): Promise<string> {
    const version = (await this.redis.commands.get(runnerKeys.wantedVersion(runnerId))) ?? NEVER_CHANGED;
    this.lastSeenOf.set(runnerId, version);
    return version;
  }

  /**
   * The version that this replica has seen last. For callers that have Redis compare it in the very step that relies on it
   * (`acceptTrigger`), and so need not ask for the current one first. Undefined: none has been seen.
   */
  lastSeen(runnerId: string): string | undefined {
    return this.lastSeenOf.get(runnerId);
  }

  /**
   * To be called after a change was committed and before it is answered. The runner is told what is wanted now.
   * @param what `isOfListeners`: those who look at the list of the runner's listeners are told as well
   */
  async bump(runnerId: string, what: { isOfListeners?: true } = {}): Promise<void> {
    await this.renew(runnerId);
    await this.bus.publish('runner.wanted-triggers-changed', { runnerId, ...what });
  }

  /** The same for a change that the runner need not be told of. */
  async renew(runnerId: string): Promise<void> {
    const version = v7();
    await this.redis.commands.set(runnerKeys.wantedVersion(runnerId), version, 'EX', LIFETIME_S);
    this.lastSeenOf.set(runnerId, version);
  }
}
