import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Redis } from './redis.js';

const EVERY_MS = 10_000;
/** An answer that took longer is too imprecise to use. */
const MAX_ROUND_TRIP_MS = 1_000;

/**
 * One clock for all replicas: that of Redis. One replica records since when something waits and another compares that with now, and their
 * own clocks may differ or jump. Between two looks at Redis, the monotonic clock of this process counts on.
 */
@Injectable()
export class SharedClock implements OnModuleInit, BeforeApplicationShutdown {
  /** The shared time at which this process started, in ms since 1970. */
  private origin = performance.timeOrigin;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly redis: Redis,
    private readonly logger: PinoLogger,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.compare();
    this.timer = setInterval(() => {
      this.compare().catch((error: unknown) =>
        this.logger.warn({ err: error }, "Comparing the clock with Redis' failed; retrying"),
      );
    }, EVERY_MS);
  }

  beforeApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  now(): Date {
    return new Date(this.origin + performance.now());
  }

  private async compare(): Promise<void> {
    const askedAt = performance.now();
    const [seconds, microseconds] = await this.redis.commands.time();
    const roundTripMs = performance.now() - askedAt;
    if (roundTripMs > MAX_ROUND_TRIP_MS) return;
    this.origin = Number(seconds) * 1_000 + Number(microseconds) / 1_000 - (askedAt + roundTripMs / 2);
  }
}
