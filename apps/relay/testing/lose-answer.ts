import { expect } from 'vitest';
import { httpKeys } from '../src/platform/redis/keys.js';
import { Redis } from '../src/platform/redis/redis.js';
import type { TestAccount, TestRelay } from './relay-fixture.js';

/** Leaves the call of that `Idempotency-Key` as a relay does that is killed when the work is done and the answer is not given. */
export async function loseAnswer(
  { app }: TestRelay,
  { userId }: TestAccount,
  path: string,
  key: string,
): Promise<void> {
  const { commands } = app.get(Redis);
  const record = httpKeys.idempotency(userId, path, key);
  expect(await commands.hdel(record, 'answer')).toBe(1);
  await commands.hset(record, 'busyUntil', '0');
}
