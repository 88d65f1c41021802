import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Sweep } from '../../../platform/queues/sweep.js';
import { runnerKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { BusIndex } from './bus-index.js';
import { RunnerBus } from './runner-bus.js';

const EVERY_MS = 1_500;

/**
 * Wakes buses that hold something although nobody reads them: their reader died, or Redis was away. Every replica does this, and the lease lets
 * one of them through.
 */
@Injectable()
export class BusSweep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweep: Sweep;

  constructor(
    private readonly redis: Redis,
    private readonly index: BusIndex,
    private readonly bus: RunnerBus,
    logger: PinoLogger,
  ) {
    const options = { description: 'Looking after the buses', everyMs: EVERY_MS, firstAfterMs: EVERY_MS };
    this.sweep = new Sweep(() => this.wakeAll(), options, logger);
  }

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweep.stop();
  }

  private async wakeAll(): Promise<void> {
    const buses = await this.index.all();
    const lengths = await Promise.all(buses.map(({ runnerId }) => this.redis.commands.xlen(runnerKeys.bus(runnerId))));
    for (const [at, bus] of buses.entries()) {
      if ((lengths[at] ?? 0) > 0) this.bus.wake(bus.runnerId);
      else await this.index.dropIfQuiet(bus);
    }
  }
}
