import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { v7 } from 'uuid';
import { deadLetterKeys } from '../../platform/redis/keys.js';
import { Redis } from '../../platform/redis/redis.js';
import { RedisScript } from '../../platform/redis/redis-script.js';

/** Longer than replaying or burying takes. After a crash in between, the dead letter can be replayed again once this is over. */
const CLAIM_MS = 15_000;
const AGAIN_MS = 50;

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
 * Makes sure that only one caller at a time buries a delivery, or replays or discards its letter. Otherwise the rest of a burial would mark
 * a replayed delivery as dead, and two replays would send it to the worker twice. If a claim runs out too early, nothing is lost: a burial
 * removes only the place in the inbox that it has seen, and the session's file takes each delivery once.
 */
@Injectable()
export class LetterClaims {
  constructor(private readonly redis: Redis) {}

  /** Claims those that nobody else has claimed, or that become free in time: a burial usually takes some milliseconds. */
  async take(deliveryIds: readonly string[], patienceMs = 0): Promise<ClaimedLetters> {
    const token = v7();
    const { commands } = this.redis;
    const until = performance.now() + patienceMs;
    const taken: string[] = [];
    for (let missing = deliveryIds; ;) {
      const replies = await Promise.all(
        missing.map((id) => commands.set(deadLetterKeys.claim(id), token, 'PX', CLAIM_MS, 'NX')),
      );
      taken.push(...missing.filter((_, at) => replies[at] === 'OK'));
      missing = missing.filter((_, at) => replies[at] !== 'OK');
      if (missing.length === 0 || performance.now() >= until) break;
      await pause(AGAIN_MS * (0.5 + Math.random()), undefined, { ref: false });
    }
    return {
      deliveryIds: new Set(taken),
      release: async () => {
        await Promise.all(taken.map((id) => release.run(commands, [deadLetterKeys.claim(id)], [token])));
      },
    };
  }

  /** Claims all of them, as soon as nobody else has any. @throws Error when one stays claimed for longer than a claim lasts */
  async takeAll(deliveryIds: readonly string[]): Promise<ClaimedLetters> {
    const asked = [...new Set(deliveryIds)];
    const until = performance.now() + 2 * CLAIM_MS;
    for (;;) {
      const claimed = await this.take(asked);
      if (claimed.deliveryIds.size === asked.length) return claimed;
      // Keeping some while waiting for others could deadlock with somebody who does the same.
      await claimed.release();
      if (performance.now() > until) throw new Error('A delivery that is to be buried is being replayed all the time.');
      await pause(AGAIN_MS * (0.5 + Math.random()), undefined, { ref: false });
    }
  }
}
