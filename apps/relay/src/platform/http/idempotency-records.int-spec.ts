import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestRedis } from '../../../testing/test-redis.js';
import type { Redis } from '../redis/redis.js';
import { IdempotencyRecords } from './idempotency-records.js';

let server: TestRedis;
let redis: Redis;
let records: IdempotencyRecords;
beforeAll(async () => {
  server = await TestRedis.start();
  redis = server.connect();
  records = new IdempotencyRecords(redis);
});
afterAll(() => server.stop());

it('gives the answer again, and nothing to another body', async () => {
  expect(await records.take('a', 'body', 'op-1')).toEqual({ kind: 'run', operationId: 'op-1' });
  await records.answered('a', { status: 201, body: { id: 'x' } });
  expect(await records.take('a', 'body', 'op-2')).toEqual({
    kind: 'replay',
    operationId: 'op-1',
    answer: { status: 201, body: { id: 'x' } },
  });
  expect(await records.take('a', 'other', 'op-3')).toEqual({ kind: 'mismatch' });
});

it('lets a retry after a failure go on at once, with the same operation id', async () => {
  await records.take('b', 'body', 'op-1');
  await records.broken('b');
  expect(await records.take('b', 'body', 'op-2')).toEqual({ kind: 'run', operationId: 'op-1' });
});

it('lets a retry after a crash go on when the turn is over, with the same operation id', async () => {
  // The crashed relay never settles its record. The clock of the turn is Redis's, so the test waits for it.
  const begun = Date.now();
  await records.take('c', 'body', 'op-1');
  expect(await records.take('c', 'body', 'op-2')).toEqual({ kind: 'run', operationId: 'op-1' });
  expect(Date.now() - begun).toBeGreaterThan(4_000);
});

it('makes the second of two at once wait for the answer of the first', async () => {
  await records.take('d', 'body', 'op-1');
  const second = records.take('d', 'body', 'op-2');
  await records.answered('d', { status: 204, body: undefined });
  expect(await second).toEqual({
    kind: 'replay',
    operationId: 'op-1',
    answer: { status: 204, body: undefined },
  });
});

it('keeps the operation id when a retry is refused: what the first try did is unknown', async () => {
  await records.take('f', 'body', 'op-1');
  await records.broken('f');
  await records.take('f', 'body', 'op-2');
  await records.refused('f');
  expect(await records.take('f', 'body', 'op-3')).toEqual({ kind: 'run', operationId: 'op-1' });
  expect(await redis.commands.pttl('f')).toBeGreaterThan(23 * 3_600_000);
});

it('forgets a call that was refused, and every call after a day', async () => {
  await records.take('e', 'body', 'op-1');
  await records.refused('e');
  expect(await records.take('e', 'corrected', 'op-2')).toEqual({ kind: 'run', operationId: 'op-2' });
  expect(await redis.commands.pttl('e')).toBeGreaterThan(23 * 3_600_000);
});
