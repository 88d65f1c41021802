import { Injectable } from '@nestjs/common';
import { presenceKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import { RunnerInbox } from '../../runners/index.js';
import { EventLog } from '../event-log/index.js';
import { AskWorker } from '../worker-link/ask-worker.js';
import type { SessionEntity } from '../session.entity.js';
import { SessionRepository } from '../session.repository.js';
import { spawnOrderId } from './order-spawn.js';

/**
 * Ends a session and removes every trace of it: here at once, and on the runner when that is online. What waits in its inbox becomes dead
 * letters, which is left to the readers of the event. Should a crash prevent the event, the inbox is found nevertheless, because its
 * session does not exist.
 */
@Injectable()
export class DeleteSession {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly orders: RunnerInbox,
    private readonly worker: AskWorker,
    private readonly log: EventLog,
    private readonly redis: Redis,
    private readonly bus: EventBus,
  ) {}

  async run({ sessionId, runnerId, ownerId, organisationId, name }: SessionEntity): Promise<void> {
    // The order comes first: after a crash there is still a session to delete, rather than a file that nobody knows of.
    await this.orders.withdraw(runnerId, spawnOrderId(sessionId));
    await this.orders.append(runnerId, `delete.${sessionId}`, { order: 'delete', sessionId });
    await this.worker.tellToStop(sessionId);
    const orphans = await this.sessions.delete(sessionId); // its transcript goes with it
    await this.log.delete(sessionId);
    await this.redis.commands.del(presenceKeys.viewers(sessionId));
    await this.bus.publish('session.deleted', { sessionId, ownerId, runnerId, organisationId, name });
    await this.bus.publish('runner.changed', { runnerId });
    for (const orphan of orphans) await this.bus.publish('session.changed', { sessionId: orphan });
  }
}
