import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { runnerKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { BusIndex } from './bus-index.js';
import { RunnerBus } from './runner-bus.js';

const EVERY_MS = 1_500;

/** Looks after buses that nobody reads: their reader died, or Redis was away. Every replica does; the lease lets one through. */
@Injectable()
export class BusSweep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly redis: Redis,
    private readonly index: BusIndex,
    private readonly bus: RunnerBus,
    private readonly logger: PinoLogger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running = this.sweep().catch((error: unknown) =>
        this.logger.warn({ err: error }, 'Looking after the buses failed; retrying'),
      );
    }, EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.running;
  }

  private async sweep(): Promise<void> {
    const buses = await this.index.all();
    const lengths = await Promise.all(buses.map(({ runnerId }) => this.redis.commands.xlen(runnerKeys.bus(runnerId))));
    for (const [at, bus] of buses.entries()) {
      if ((lengths[at] ?? 0) > 0) this.bus.wake(bus.runnerId);
      else await this.index.dropIfQuiet(bus);
    }
  }
}
