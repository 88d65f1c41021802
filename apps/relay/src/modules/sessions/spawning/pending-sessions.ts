import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { SessionRepository } from '../session.repository.js';
import { OrderSpawn } from './order-spawn.js';

const EVERY_MS = 30_000;

/**
 * Makes sure that every pending session has its order: a crash between the row and the job, or a job that ran out of attempts, must not
 * leave one waiting for ever.
 */
@Injectable()
export class PendingSessions implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly sessions: SessionRepository,
    private readonly orderSpawn: OrderSpawn,
    private readonly logger: PinoLogger,
  ) {}

  onApplicationBootstrap(): void {
    this.start();
    this.timer = setInterval(() => this.start(), EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.running;
  }

  private start(): void {
    this.running = this.orderAll().catch((error: unknown) =>
      this.logger.warn({ err: error }, 'Looking after pending sessions failed; retrying'),
    );
  }

  private async orderAll(): Promise<void> {
    for (const sessionId of await this.sessions.pendingIds()) await this.orderSpawn.run(sessionId);
  }
}
