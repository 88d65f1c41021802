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
 * Ends a session and removes every trace of it: here at once, on the runner when it is there. What waits in its inbox is left to whoever reads
 * the event: it becomes dead letters. Should the event be lost in a crash, the inbox is still found, because it then belongs to no session.
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
    // First the order, so that a crash in between leaves a session that can be deleted again rather than a file that nobody knows of.
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
