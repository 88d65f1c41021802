import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Sweep } from '../../platform/queues/sweep.js';
import { WantedVersion } from '../runners/index.js';
import { ListenerRepository } from './listener.repository.js';

const EVERY_MS = 60_000;

const CREATOR_LEFT =
  'Whoever made it has left the organisation, and its sessions would belong to them. Make a listener of your own instead.';

/**
 * Listeners match nothing from the moment at which their creator leaves the organisation. This disables them for good, so that they say
 * why, and do not come back together with the person.
 */
@Injectable()
export class DisableListeners implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweep: Sweep;

  constructor(
    private readonly listeners: ListenerRepository,
    private readonly wanted: WantedVersion,
    logger: PinoLogger,
  ) {
    const options = { description: 'Disabling listeners of people who left', everyMs: EVERY_MS };
    this.sweep = new Sweep(() => this.run(), options, logger);
  }

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweep.stop();
  }

  /** @param ofRunner default: the listeners of all runners */
  async run(ofRunner?: string): Promise<void> {
    for (const runnerId of await this.listeners.disableLeft(CREATOR_LEFT, ofRunner))
      await this.wanted.bump(runnerId, { isOfListeners: true });
  }
}
