import { Injectable } from '@nestjs/common';
import { v7 } from 'uuid';
import { runnerKeys } from '../../platform/redis/keys.js';
import { Redis } from '../../platform/redis/redis.js';
import { EventBus } from '../../platform/streams/event-bus.js';

/** Without a change for this long there is nothing left that an older version could be taken for. */
const LIFETIME_S = 24 * 60 * 60;
const NEVER_CHANGED = 'none';

/**
 * Which state what is wanted of a runner is in: its subscriptions, its listeners, and which of its sessions are open. Every replica that
 * keeps something of that compares versions before it uses it.
 *
 * A version is a name and not a number: a Redis that lost the last second counts no number twice.
 */
@Injectable()
export class WantedVersion {
  constructor(
    private readonly redis: Redis,
    private readonly bus: EventBus,
  ) {}

  /** Read it before what it stands for, never after. */
  async read(runnerId: string): Promise<string> {
    return (await this.redis.commands.get(runnerKeys.wantedVersion(runnerId))) ?? NEVER_CHANGED;
  }

  /** Call it after the change is committed and before it is answered. The runner is told what is wanted now. */
  async bump(runnerId: string): Promise<void> {
    await this.redis.commands.set(runnerKeys.wantedVersion(runnerId), v7(), 'EX', LIFETIME_S);
    await this.bus.publish('runner.wanted-triggers-changed', { runnerId });
  }
}
