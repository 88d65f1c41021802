import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Sweep } from '../../../platform/queues/sweep.js';
import { SessionInbox } from '../../deliveries/index.js';
import { SessionRepository } from '../session.repository.js';
import { WakeSession } from './wake-session.js';

const EVERY_MS = 30_000;
const AT_ONCE = 500;

/** Wakes paused sessions for which something waits. Usually a job does so, but a crash may come between the delivery and the job. */
@Injectable()
export class PausedSessions implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweep: Sweep;

  constructor(
    private readonly sessions: SessionRepository,
    private readonly inbox: SessionInbox,
    private readonly wake: WakeSession,
    logger: PinoLogger,
  ) {
    const description = 'Looking after paused sessions';
    this.sweep = new Sweep(() => this.wakeAll(), { description, everyMs: EVERY_MS }, logger);
  }

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweep.stop();
  }

  private async wakeAll(): Promise<void> {
    const paused = await this.sessions.pausedIds();
    for (let at = 0; at < paused.length; at += AT_ONCE)
      for (const sessionId of await this.inbox.withWaiting(paused.slice(at, at + AT_ONCE)))
        await this.wake.run(sessionId);
  }
}
