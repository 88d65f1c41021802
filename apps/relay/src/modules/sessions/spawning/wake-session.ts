import { Injectable } from '@nestjs/common';
import { SessionStatus } from '@pizzapi/protocol';
import { SessionInbox } from '../../deliveries/index.js';
import { RunnerInbox } from '../../runners/index.js';
import { SessionRepository } from '../session.repository.js';
import { spawnOrderId, spawnOrderOf } from './order-spawn.js';

/** Brings back the worker of a paused session. May be repeated: a daemon that has the worker already does nothing. */
@Injectable()
export class WakeSession {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly orders: RunnerInbox,
    private readonly inbox: SessionInbox,
  ) {}

  async run(sessionId: string): Promise<void> {
    const session = await this.sessions.find(sessionId);
    // A session that has ended, or waits for its runner, is not started this way.
    if (session?.status !== SessionStatus.active) return;
    await this.orders.append(session.runnerId, spawnOrderId(sessionId), spawnOrderOf(session));
  }

  /** To be called when the worker has just been unloaded, perhaps while something was on its way to it. */
  async afterPause(sessionId: string): Promise<void> {
    if (await this.inbox.pause(sessionId)) await this.run(sessionId);
  }
}
