import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Sweep } from '../../platform/queues/sweep.js';
import { HeldSessions } from '../sessions/index.js';
import { ListenerRepository } from './listener.repository.js';

const EVERY_MS = 3_600_000;
/** Longer than it takes to start sessions for triggers that were matched before the deletion. */
const KEEP_MS = 7 * 24 * 3_600_000;

/** Forgets deleted listeners when nothing needs them any more. */
@Injectable()
export class PurgeListeners implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweep: Sweep;

  constructor(
    private readonly listeners: ListenerRepository,
    private readonly held: HeldSessions,
    logger: PinoLogger,
  ) {
    const options = { description: 'Forgetting deleted listeners', everyMs: EVERY_MS };
    this.sweep = new Sweep(() => this.purge(), options, logger);
  }

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweep.stop();
  }

  private async purge(): Promise<void> {
    await this.listeners.purge(new Date(Date.now() - KEEP_MS), await this.held.listeners());
  }
}
