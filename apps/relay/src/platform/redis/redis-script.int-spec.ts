import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestRedis } from '../../../testing/test-redis.js';
import type { Redis } from './redis.js';
import { RedisScript, type ScriptCall } from './redis-script.js';

/** Appends to a list; says which number it got, or nothing where there is no text. */
const push = () =>
  new RedisScript(`
if ARGV[1] == '' then return nil end
if ARGV[1] == 'nonsense' then return ARGV[1] + 1 end
local length = redis.call('RPUSH', KEYS[1], unpack(ARGV))
redis.call('INCRBY', KEYS[2], #ARGV)
return { ARGV[1], length }
`);
const call = (key: string, ...args: string[]): ScriptCall => ({ keys: [`{${key}}:list`, `{${key}}:count`], args });

describe.each([
  ['a Redis without slots', []],
  ['a Redis with slots', ['--cluster-enabled', 'yes']],
])('many runs of a script on %s', (_name, settings) => {
  let server: TestRedis;
  let redis: Redis;
  beforeEach(async () => {
    server = await TestRedis.start(...settings);
    redis = server.connect();
    if (settings.length > 0) {
      await redis.commands.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
      await expect.poll(() => redis.commands.cluster('INFO')).toContain('cluster_state:ok');
    }
  });
  afterEach(() => server.stop());

  it('happen in their order, each with its own keys, arguments and reply', async () => {
    const script = push();
    const calls = Array.from({ length: 500 }, (_, n) => call(`k${n % 3}`, `${n}`, ...(n % 2 ? ['more'] : [])));
    const replies = await script.runAll(redis.commands, calls);
    expect(replies.map((reply) => (reply as unknown[])[0])).toEqual(calls.map(({ args }) => args[0]));
    const list = await redis.commands.lrange('{k1}:list', 0, -1);
    expect(list.filter((text) => text !== 'more').map(Number)).toEqual(
      Array.from({ length: 167 }, (_, n) => 1 + n * 3),
    );
    expect(await redis.commands.get('{k1}:count')).toBe(`${list.length}`);
    expect(replies[1]).toEqual(['1', 2]);
    // It is known by now.
    expect(await script.runAll(redis.commands, [call('k1', 'last'), call('k9', 'first')])).toEqual([
      ['last', list.length + 1],
      ['first', 1],
    ]);
  });

  it('have the arguments that they share after their own', async () => {
    const calls = Array.from({ length: 200 }, (_, n) => ({
      ...call(`k${n % 2}`, `${n}`),
      shared: n % 3 === 0 ? ['third', 'any'] : ['any'],
    }));
    await push().runAll(redis.commands, [...calls, call('k1', 'alone')]);
    const expected = calls.filter((_, n) => n % 2 === 1).flatMap(({ args, shared }) => [...args, ...shared]);
    expect(await redis.commands.lrange('{k1}:list', 0, -1)).toEqual([...expected, 'alone']);
  });

  it('fail by themselves, and what gives nothing gives null', async () => {
    await redis.commands.set('{wrong}:list', 'no list');
    const replies = await push().runAll(redis.commands, [
      call('a', '1'),
      call('wrong', '2'),
      call('b', ''),
      call('b', 'nonsense'),
      call('a', '3'),
    ]);
    const error = expect.any(Error) as Error;
    expect(replies).toEqual([['1', 1], error, null, error, ['3', 2]]);
    expect(String(replies[1])).toContain('WRONGTYPE');
    expect(String(replies[3])).toContain('arithmetic');
    expect(await push().runAll(redis.commands, [])).toEqual([]);
  });
});

describe('what runs of a script share', () => {
  it('is sent once for some dozens of them', async () => {
    await using server = await TestRedis.start();
    const redis = server.connect();
    const script = push();
    const text = 'x'.repeat(10_000);
    const calls = Array.from({ length: 64 }, (_, n) => ({ ...call('k', `${n}`), shared: [text] }));
    await script.runAll(redis.commands, calls);
    const before = await bytesSent(redis);
    await script.runAll(redis.commands, calls);
    expect((await bytesSent(redis)) - before).toBeLessThan(2 * text.length);
    expect(await redis.commands.llen('{k}:list')).toBe(4 * calls.length);
  });
});

async function bytesSent(redis: Redis): Promise<number> {
  return Number(/total_net_input_bytes:(\d+)/.exec(await redis.commands.info('stats'))?.[1]);
}
