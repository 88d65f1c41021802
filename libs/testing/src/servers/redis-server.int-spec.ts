import { afterEach, expect, it, vi } from 'vitest';
import { RedisServer } from './redis-server.js';

afterEach(() => void vi.unstubAllEnvs());

it('says what it printed when it ends instead of answering', async () => {
  await expect(RedisServer.start('--bind', '192.0.2.1')).rejects.toThrow(/^Redis ended .*192\.0\.2\.1/s);
});

it('says so when there is no Redis', async () => {
  vi.stubEnv('PATH', '');
  await expect(RedisServer.start()).rejects.toThrow('redis-server ENOENT');
});

it('says so when its port for other Redis is taken', async () => {
  await using other = await RedisServer.start();
  const taken = new URL(other.url).port;
  await expect(RedisServer.start('--cluster-enabled', 'yes', '--cluster-port', taken)).rejects.toThrow(
    'already in use',
  );
});
