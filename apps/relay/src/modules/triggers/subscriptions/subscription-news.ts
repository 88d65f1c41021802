import { Injectable } from '@nestjs/common';
import { sessionKeys, SUBSCRIPTIONS_CHANGED } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { WantedVersion } from '../../runners/index.js';

/** Announces that a session's subscriptions have changed: to replicas that match triggers, to the runner, and to those who watch the session. */
@Injectable()
export class SubscriptionNews {
  constructor(
    private readonly version: WantedVersion,
    private readonly redis: Redis,
  ) {}

  /** To be called after the change was committed and before it is answered. */
  async tell({ sessionId, runnerId }: { sessionId: string; runnerId: string }): Promise<void> {
    await Promise.all([
      this.version.bump(runnerId),
      this.redis.commands.spublish(sessionKeys.deliveries(sessionId), SUBSCRIPTIONS_CHANGED),
    ]);
  }
}
