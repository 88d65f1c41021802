import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestRedis } from '../../../../testing/test-redis.js';
import { sessionKeys } from '../../../platform/redis/keys.js';
import { TriggerResponses } from './trigger-responses.js';

let server: TestRedis;
beforeAll(async () => (server = await TestRedis.start()));
afterAll(() => server.stop());

it('what a session answered is kept for as many triggers as its history has, the latest', async () => {
  const redis = server.connect();
  const responses = new TriggerResponses(redis);
  const ts = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString();
  for (let n = 0; n < 251; n += 1) await responses.put('ses_1', `trg_${n}`, { text: `${n}`, ts: ts(n) });
  const kept = (await redis.commands.hkeys(sessionKeys.responses('ses_1'))).map((id) => Number(id.slice(4)));
  expect(kept.sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, n) => 51 + n));
});
