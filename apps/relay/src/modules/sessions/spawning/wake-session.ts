import { Injectable } from '@nestjs/common';
import { SessionStatus } from '@pizzapi/protocol';
import { SessionInbox } from '../../deliveries/index.js';
import { RunnerInbox } from '../../runners/index.js';
import { SessionRepository } from '../session.repository.js';
import { spawnOrderId, spawnOrderOf } from './order-spawn.js';

/** Brings the worker of a paused session back. As often as you like: a daemon that has one leaves it at that. */
@Injectable()
export class WakeSession {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly orders: RunnerInbox,
    private readonly inbox: SessionInbox,
  ) {}

  async run(sessionId: string): Promise<void> {
    const session = await this.sessions.find(sessionId);
    // One that is ended or waits for its runner has a way of its own.
    if (session?.status !== SessionStatus.active) return;
    await this.orders.append(session.runnerId, spawnOrderId(sessionId), spawnOrderOf(session));
  }

  /** Its worker was unloaded just now: perhaps while something was on its way to it. */
  async afterPause(sessionId: string): Promise<void> {
    if (await this.inbox.pause(sessionId)) await this.run(sessionId);
  }
}
