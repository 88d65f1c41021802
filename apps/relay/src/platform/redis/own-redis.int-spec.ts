import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { killProcess, RedisServer, removeFolder, temporaryFolder } from '@pizzapi/testing';
import { Redis as IoRedis } from 'ioredis';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silent } from '../../../testing/test-redis.js';
import { checkRedis, UnsafeRedisError } from './check-redis.js';
import { OwnRedis } from './own-redis.js';
import { parseRedisUrl } from './redis-address.js';

let folder: string;
let started: OwnRedis[];
beforeEach(async () => {
  folder = await temporaryFolder('own-redis');
  started = [];
});
afterEach(async () => {
  for (const own of started) await own.stop();
  await removeFolder(folder);
});

async function start(durability: 'strict' | 'relaxed' = 'strict', dataDir = folder): Promise<OwnRedis> {
  const own = await OwnRedis.start(dataDir, durability, silent);
  started.push(own);
  return own;
}

async function withClient<T>(own: OwnRedis, work: (redis: IoRedis) => Promise<T>): Promise<T> {
  const redis = new IoRedis({ ...own.options, maxRetriesPerRequest: null, retryStrategy: () => 20 });
  redis.on('error', () => undefined); // it is killed in these tests
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

/** When the server that runs now had loaded its file, as its own log says. */
function readyAt(): number {
  const log = readFileSync(join(folder, 'redis', 'redis.log'), 'utf8');
  return Date.parse([...log.matchAll(/(\d+ \w+ \d+ [\d:.]+) \* .*ready to accept connections/gi)].at(-1)?.[1] ?? '');
}

/** Half a second after it can be, once in three times: the machine may be busy with something else in one of them. */
async function expectNoDelay(work: () => Promise<void>): Promise<void> {
  const lateMs: number[] = [];
  do {
    await work();
    lateMs.push(Date.now() - readyAt());
  } while (lateMs.length < 3 && Math.min(...lateMs) >= 500);
  expect(Math.min(...lateMs)).toBeLessThan(500);
}

const pidIn = (dataDir: string): number => {
  const pid = Number(readFileSync(join(dataDir, 'redis', 'redis.pid'), 'utf8'));
  // Redis makes the file first and writes into it afterwards.
  if (!(pid > 0)) throw new Error('Redis has not written down its process yet.');
  return pid;
};

it('keeps everything, lets nobody else in, and has what the relay checks of any Redis', async () => {
  const own = await start();
  expect(statSync(join(folder, 'redis')).mode & 0o777).toBe(0o700);
  await withClient(own, async (redis) => {
    expect(await checkRedis(redis)).toBeNull();
    expect(await redis.config('GET', 'appendfsync')).toEqual(['appendfsync', 'always']);
  });
  const stranger = new IoRedis({ ...own.options, password: 'guess', lazyConnect: true, retryStrategy: null });
  stranger.on('error', () => undefined);
  await expect(stranger.connect().then(() => stranger.ping())).rejects.toThrow();
  stranger.disconnect();
});

it('is back after a kill -9, with every acknowledged write', async () => {
  const own = await start();
  await withClient(own, async (redis) => {
    for (let n = 0; n < 200; n++) await redis.rpush('written', n);
    await expectNoDelay(async () => {
      killProcess(pidIn(folder));
      expect(await redis.llen('written')).toBe(200);
    });
  });
});

it('is ready as soon as it has loaded what it kept', async () => {
  const before = await start('relaxed');
  await withClient(before, async (redis) => {
    const writes = redis.pipeline();
    for (let n = 0; n < 100_000; n++) writes.rpush('much', `${n}`.padEnd(200));
    await writes.exec();
  });
  let own = before;
  // Loading takes a fraction of a second; whoever asks once a second is late.
  await expectNoDelay(async () => {
    await own.stop();
    own = await start('relaxed');
  });
  await withClient(own, async (redis) => {
    await expectNoDelay(async () => {
      killProcess(pidIn(folder));
      expect(await redis.llen('much')).toBe(100_000);
    });
  });
});

it('survives two deaths in a row', async () => {
  const own = await start();
  await withClient(own, async (redis) => {
    for (let death = 0; death < 2; death++) {
      const pid = pidIn(folder);
      killProcess(pid);
      await expect.poll(() => pidIn(folder)).not.toBe(pid);
      expect(await redis.ping()).toBe('PONG');
    }
  });
});

it('is adopted when a killed relay left it running, and then watched and stopped by the next one', async () => {
  await (await OwnRedis.start(folder, 'strict', silent)).stop();
  // What a killed relay leaves: its folder, and the server that runs by the file in it.
  const orphan = spawn('redis-server', [join(folder, 'redis', 'redis.conf')], { stdio: 'ignore' });
  await expect.poll(() => existsSync(join(folder, 'redis', 'redis.sock'))).toBe(true);

  const own = await start('relaxed');
  expect(pidIn(folder)).toBe(orphan.pid);
  await withClient(own, async (redis) => {
    expect(await redis.config('GET', 'appendfsync')).toEqual(['appendfsync', 'everysec']);
    orphan.kill('SIGKILL');
    expect(await redis.ping()).toBe('PONG');
  });
  const last = pidIn(folder);
  expect(last).not.toBe(orphan.pid);
  await own.stop();
  await expect.poll(() => existsSync(`/proc/${last}`)).toBe(false);
});

it('is started again although nobody reaps the one that died', async () => {
  await (await OwnRedis.start(folder, 'strict', silent)).stop();
  const config = join(folder, 'redis', 'redis.conf');
  // The parent becomes a program that never waits for a child.
  const parent = spawn('sh', ['-c', 'redis-server "$0" & exec sleep 60', config], { stdio: 'ignore' });
  try {
    await expect.poll(() => existsSync(join(folder, 'redis', 'redis.sock'))).toBe(true);
    const own = await start();
    const dead = pidIn(folder);
    killProcess(dead);
    await withClient(own, async (redis) => expect(await redis.ping()).toBe('PONG'));
    expect(pidIn(folder)).not.toBe(dead);
  } finally {
    parent.kill('SIGKILL');
  }
});

it('works in a folder whose path is too long for a socket', async () => {
  const deep = join(folder, 'a-long-name-for-a-folder'.repeat(5));
  mkdirSync(deep, { recursive: true });
  await withClient(await start('strict', deep), async (redis) => expect(await redis.ping()).toBe('PONG'));
});

it('is refused when it would lose accepted work, with what to change', async () => {
  await using server = await RedisServer.start('--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru');
  const redis = new IoRedis({ ...parseRedisUrl(server.url), maxRetriesPerRequest: null });
  try {
    const refusal: unknown = await checkRedis(redis).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UnsafeRedisError);
    expect(String(refusal)).toContain(
      'appendonly is "no", set it to "yes"; maxmemory-policy is "allkeys-lru", set it to "noeviction"',
    );
  } finally {
    redis.disconnect();
  }
});
