import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { v7 } from 'uuid';
import { NEVER_CHANGED, runnerKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { EventBus } from '../../../platform/streams/event-bus.js';

/** Without a change for this long there is nothing left that an older version could be taken for. */
const LIFETIME_S = 24 * 60 * 60;
const MAX_RUNNERS = 10_000;

/**
 * Which state what decides about a runner's triggers is in: its subscriptions, its listeners, which of its sessions are open, and the runner itself
 * with what it announces. Every replica that keeps something of that compares versions before it uses it.
 *
 * A version is a name and not a number: a Redis that lost the last second counts no number twice.
 */
@Injectable()
export class WantedVersion {
  private readonly lastSeenOf = new LRUCache<string, string>({ max: MAX_RUNNERS });

  constructor(
    private readonly redis: Redis,
    private readonly bus: EventBus,
  ) {}

  /** Read it before what it stands for, never after. */
  async read(runnerId: string): Promise<string> {
    const version = (await this.redis.commands.get(runnerKeys.wantedVersion(runnerId))) ?? NEVER_CHANGED;
    this.lastSeenOf.set(runnerId, version);
    return version;
  }

  /**
   * The version as it was last seen here, for whoever lets Redis compare it in the very step that relies on it (`acceptTrigger`) and saves the
   * way to ask. Undefined: none was.
   */
  lastSeen(runnerId: string): string | undefined {
    return this.lastSeenOf.get(runnerId);
  }

  /**
   * Call it after the change is committed and before it is answered. The runner is told what is wanted now.
   * @param what `isOfListeners`: so are those who look at the list of its listeners.
   */
  async bump(runnerId: string, what: { isOfListeners?: true } = {}): Promise<void> {
    await this.renew(runnerId);
    await this.bus.publish('runner.wanted-triggers-changed', { runnerId, ...what });
  }

  /** The same for what the runner need not be told. */
  async renew(runnerId: string): Promise<void> {
    const version = v7();
    await this.redis.commands.set(runnerKeys.wantedVersion(runnerId), version, 'EX', LIFETIME_S);
    this.lastSeenOf.set(runnerId, version);
  }
}
