import { Injectable } from '@nestjs/common';
import { indexKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { RedisScript } from '../../../platform/redis/redis-script.js';

/** An empty bus leaves the index once nobody has written to it for this long. */
const QUIET_MS = 10 * 60_000;
/** A bus that was noted this recently is not noted again. Much shorter than {@link QUIET_MS}, so it cannot leave the index meanwhile. */
const NOTED_FOR_MS = 60_000;
const MAX_REMEMBERED = 10_000;

/** KEYS index · ARGV runner id, its score as it was read → 1 if it was removed, 0 if somebody has noted it since */
const dropIfUnchanged = new RedisScript(`
if redis.call('ZSCORE', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('ZREM', KEYS[1], ARGV[1])
`);

/** A bus that may hold something. The score is the time at which somebody last noted that they write to it. */
export interface IndexedBus {
  runnerId: string;
  score: string;
}

/** The runners whose bus was written to lately. The sweep looks there for what a dead reader has left behind. */
@Injectable()
export class BusIndex {
  private readonly notedAt = new Map<string, number>();

  constructor(private readonly redis: Redis) {}

  /** Must have resolved before anything on the bus is reported as accepted: otherwise a crash could leave it where no sweep looks. */
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

  /** To be called for a bus that was found empty. */
  async dropIfQuiet({ runnerId, score }: IndexedBus): Promise<void> {
    if (Number(score) < Date.now() - QUIET_MS)
      await dropIfUnchanged.run(this.redis.commands, [indexKeys.buses], [runnerId, score]);
  }
}
