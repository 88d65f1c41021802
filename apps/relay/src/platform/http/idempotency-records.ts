import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { RedisScript } from '../redis/redis-script.js';
import { Redis } from '../redis/redis.js';

const KEPT_MS = 24 * 3_600_000;
/** How long one try has the turn. After a crash in the middle a retry waits at most this long. */
const TURN_MS = 5_000;
const ASK_AGAIN_MS = 50;

export interface KeptAnswer {
  status: number;
  body: unknown;
}

export type Turn =
  | { kind: 'run'; operationId: string }
  | { kind: 'replay'; operationId: string; answer: KeptAnswer }
  | { kind: 'mismatch' };

/**
 * KEYS record · ARGV fingerprint of the body, fresh operation id, kept ms, turn ms
 * → 'run' + operation id | 'busy' | 'replay' + answer + operation id | 'mismatch'
 */
const takeTurn = new RedisScript(`
local record = redis.call('HMGET', KEYS[1], 'body', 'operation', 'answer', 'busyUntil')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local operation = record[2]
if not record[1] then
  operation = ARGV[2]
  redis.call('HSET', KEYS[1], 'body', ARGV[1], 'operation', operation)
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
elseif record[1] ~= ARGV[1] then return {'mismatch'}
elseif record[3] then return {'replay', record[3], operation}
elseif now < tonumber(record[4]) then return {'busy'}
else redis.call('HSET', KEYS[1], 'triedBefore', 1)
end
redis.call('HSET', KEYS[1], 'busyUntil', string.format('%.0f', now + ARGV[4]))
return {'run', operation}
`);

/** KEYS record. What an earlier try did is unknown, and only this record leads to it. */
const settleRefused = new RedisScript(`
if redis.call('HEXISTS', KEYS[1], 'triedBefore') == 1 then redis.call('HSET', KEYS[1], 'busyUntil', 0)
else redis.call('DEL', KEYS[1])
end
`);

/** What became of POSTs with an `Idempotency-Key`: begun with which operation id, answered with what. */
@Injectable()
export class IdempotencyRecords {
  constructor(private readonly redis: Redis) {}

  /** Waits while another try of the same call has the turn. */
  async take(key: string, fingerprint: string, operationId: string): Promise<Turn> {
    for (;;) {
      const [kind, value, first] = texts(
        await takeTurn.run(this.redis.commands, [key], [fingerprint, operationId, KEPT_MS, TURN_MS]),
      );
      if (kind === 'mismatch') return { kind };
      if (kind === 'run' && value !== undefined) return { kind, operationId: value };
      if (kind === 'replay' && value !== undefined && first !== undefined)
        return { kind, answer: parseAnswer(value), operationId: first };
      await pause(ASK_AGAIN_MS);
    }
  }

  async answered(key: string, answer: KeptAnswer): Promise<void> {
    await this.redis.commands.hset(key, 'answer', JSON.stringify(answer));
  }

  /**
   * The call was refused and did nothing: it may be tried anew, with another body too. Unless an earlier try broke off: that one may have
   * done something, so every later one keeps its operation id.
   */
  async refused(key: string): Promise<void> {
    await settleRefused.run(this.redis.commands, [key], []);
  }

  /** The call broke off: a retry goes on at once, with the same operation id. */
  async broken(key: string): Promise<void> {
    await this.redis.commands.hset(key, 'busyUntil', '0');
  }
}

function texts(reply: unknown): string[] {
  return Array.isArray(reply) ? reply.filter((item) => typeof item === 'string') : [];
}

function parseAnswer(text: string): KeptAnswer {
  const answer: unknown = JSON.parse(text);
  if (typeof answer !== 'object' || answer === null || !('status' in answer) || typeof answer.status !== 'number') {
    throw new Error('A kept answer in Redis is damaged.');
  }
  return { status: answer.status, body: 'body' in answer ? answer.body : undefined };
}
