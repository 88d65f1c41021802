import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { indexKeys, runnerKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { RedisScript } from '../../../platform/redis/redis-script.js';
import { RunnerBus } from './runner-bus.js';

const EVERY_MS = 1_500;
/** An empty bus that nobody has written to for this long leaves the index. */
const QUIET_MS = 10 * 60_000;

/** KEYS index · ARGV runner id, time as it was read → 1 when nobody wrote meanwhile */
const dropIfUnchanged = new RedisScript(`
if redis.call('ZSCORE', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('ZREM', KEYS[1], ARGV[1])
`);

/** Looks after buses that nobody reads: their reader died, or Redis was away. Every replica does; the lease lets one through. */
@Injectable()
export class BusSweep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly redis: Redis,
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
    const { commands } = this.redis;
    const index = await commands.zrange(indexKeys.buses, 0, -1, 'WITHSCORES');
    const runners: { runnerId: string; score: string }[] = [];
    for (let at = 0; at + 1 < index.length; at += 2)
      runners.push({ runnerId: index[at] ?? '', score: index[at + 1] ?? '' });
    const lengths = await Promise.all(runners.map(({ runnerId }) => commands.xlen(runnerKeys.bus(runnerId))));
    const quietSince = Date.now() - QUIET_MS;
    for (const [at, { runnerId, score }] of runners.entries()) {
      if ((lengths[at] ?? 0) > 0) this.bus.wake(runnerId);
      else if (Number(score) < quietSince) await dropIfUnchanged.run(commands, [indexKeys.buses], [runnerId, score]);
    }
  }
}
