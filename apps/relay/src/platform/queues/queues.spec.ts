import { expect, it, onTestFinished, vi } from 'vitest';
import { silent } from '../../../testing/test-redis.js';
import { Redis } from '../redis/redis.js';
import { Queues } from './queues.js';

it('says in the log, and nowhere else, that Redis cannot be reached', async () => {
  const warn = vi.spyOn(silent, 'warn');
  const toConsole = vi.spyOn(console, 'error').mockReturnValue();
  const nobody = { host: '127.0.0.1', port: 1 };
  const redis = new Redis({ options: nobody, stop: () => Promise.resolve() }, silent);
  onTestFinished(() => {
    vi.restoreAllMocks();
    redis.onApplicationShutdown();
  });
  // Waits for Redis, as the relay would.
  new Queues(redis, silent).add('wake-session', 'job', { sessionId: 'session' }).catch(() => undefined);
  await expect
    .poll(() => warn)
    .toHaveBeenCalledWith({ queue: 'spawns', reason: expect.stringContaining('ECONNREFUSED') }, expect.any(String));
  expect(toConsole).not.toHaveBeenCalled();
});
