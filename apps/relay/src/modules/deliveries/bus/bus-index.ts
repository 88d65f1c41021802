import { Injectable } from '@nestjs/common';
import { indexKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { RedisScript } from '../../../platform/redis/redis-script.js';

/** An empty bus that nobody has written to for this long leaves the index. */
const QUIET_MS = 10 * 60_000;
/** Much shorter than that: what was noted so lately needs no note again. */
const NOTED_FOR_MS = 60_000;
const MAX_REMEMBERED = 10_000;

/** KEYS index · ARGV runner id, time as it was read → 1 when nobody wrote meanwhile */
const dropIfUnchanged = new RedisScript(`
if redis.call('ZSCORE', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('ZREM', KEYS[1], ARGV[1])
`);

/** A bus that may hold something, and when it was last noted that it was written to. */
export interface IndexedBus {
  runnerId: string;
  score: string;
}

/** Runners whose bus was written to lately: where the sweep looks for what a dead reader left. */
@Injectable()
export class BusIndex {
  private readonly notedAt = new Map<string, number>();

  constructor(private readonly redis: Redis) {}

  /** To be answered for before whoever writes to the bus is told that it is accepted. */
  async note(runnerId: string): Promise<void> {
    const now = Date.now();
    if (now - (this.notedAt.get(runnerId) ?? 0) < NOTED_FOR_MS) return;
    await this.redis.commands.zadd(indexKeys.buses, now, runnerId);
    if (this.notedAt.size >= MAX_REMEMBERED) this.notedAt.clear();
    this.notedAt.set(runnerId, now);
  }

  async all(): Promise<IndexedBus[]> {
    const entries = await this.redis.commands.zrange(indexKeys.buses, 0, -1, 'WITHSCORES');
    const buses: IndexedBus[] = [];
    for (let at = 0; at + 1 < entries.length; at += 2)
      buses.push({ runnerId: entries[at] ?? '', score: entries[at + 1] ?? '' });
    return buses;
  }

  /** For a bus that was found empty. */
  async dropIfQuiet({ runnerId, score }: IndexedBus): Promise<void> {
    if (Number(score) < Date.now() - QUIET_MS)
      await dropIfUnchanged.run(this.redis.commands, [indexKeys.buses], [runnerId, score]);
  }
}
