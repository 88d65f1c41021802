import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Sweep } from '../../../platform/queues/sweep.js';
import { SessionRepository } from '../session.repository.js';
import { OrderSpawn } from './order-spawn.js';

const EVERY_MS = 30_000;

/**
 * Makes sure that every pending session has its order. Otherwise a crash between writing the row and adding the job, or a job that ran out
 * of attempts, would leave it waiting for ever.
 */
@Injectable()
export class PendingSessions implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweep: Sweep;

  constructor(
    private readonly sessions: SessionRepository,
    private readonly orderSpawn: OrderSpawn,
    logger: PinoLogger,
  ) {
    const description = 'Looking after pending sessions';
    this.sweep = new Sweep(() => this.orderAll(), { description, everyMs: EVERY_MS }, logger);
  }

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweep.stop();
  }

  private async orderAll(): Promise<void> {
    for (const sessionId of await this.sessions.pendingIds()) await this.orderSpawn.run(sessionId);
  }
}
