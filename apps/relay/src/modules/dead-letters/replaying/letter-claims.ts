import { Injectable } from '@nestjs/common';
import { v7 } from 'uuid';
import { deadLetterKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { RedisScript } from '../../../platform/redis/redis-script.js';

/** Longer than replaying takes. Who dies meanwhile leaves a dead letter that can be replayed again after this. */
const CLAIM_MS = 15_000;

/** KEYS claim · ARGV token */
const release = new RedisScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`);

export interface ClaimedLetters {
  deliveryIds: ReadonlySet<string>;
  release(): Promise<void>;
}

/**
 * Who replays or discards a dead letter does so alone. This spares the worker a second delivery; should a claim run out too early, the
 * session's file still takes each delivery once.
 */
@Injectable()
export class LetterClaims {
  constructor(private readonly redis: Redis) {}

  /** Those of them that nobody else has. */
  async take(deliveryIds: readonly string[]): Promise<ClaimedLetters> {
    const token = v7();
    const { commands } = this.redis;
    const replies = await Promise.all(
      deliveryIds.map((id) => commands.set(deadLetterKeys.claim(id), token, 'PX', CLAIM_MS, 'NX')),
    );
    const taken = deliveryIds.filter((_, at) => replies[at] === 'OK');
    return {
      deliveryIds: new Set(taken),
      release: async () => {
        await Promise.all(taken.map((id) => release.run(commands, [deadLetterKeys.claim(id)], [token])));
      },
    };
  }
}
