import type { Redis } from 'ioredis';

/** A Redis that would lose accepted work. The relay refuses to start on it. */
export class UnsafeRedisError extends Error {
  constructor(problems: string[]) {
    super(
      `This Redis would lose accepted triggers and inputs: ${problems.join('; ')}. Change the named settings and start the relay again.`,
    );
    this.name = 'UnsafeRedisError';
  }
}

/**
 * Checks the two settings that durability rests on: an append-only file and no eviction.
 * @returns null, or a sentence for the log when the server forbids `CONFIG`, as managed services do
 * @throws UnsafeRedisError when one of them is wrong
 */
export async function checkRedis(redis: Redis): Promise<string | null> {
  let settings: Map<string, string>;
  try {
    const appendonly = await configValue(redis, 'appendonly');
    const policy = await configValue(redis, 'maxmemory-policy');
    settings = new Map([
      ['appendonly', appendonly],
      ['maxmemory-policy', policy],
    ]);
  } catch (error) {
    if (!(error instanceof Error) || !/NOPERM|unknown command|not allowed|restricted/i.test(error.message)) throw error;
    return 'This Redis does not let the relay read its settings; make sure that appendonly is "yes" and maxmemory-policy is "noeviction".';
  }
  const problems: string[] = [];
  if (settings.get('appendonly') !== 'yes') problems.push('appendonly is "no", set it to "yes"');
  if (settings.get('maxmemory-policy') !== 'noeviction') {
    problems.push(`maxmemory-policy is "${settings.get('maxmemory-policy')}", set it to "noeviction"`);
  }
  if (problems.length > 0) throw new UnsafeRedisError(problems);
  return null;
}

async function configValue(redis: Redis, name: string): Promise<string> {
  const reply: unknown = await redis.config('GET', name);
  const value: unknown = Array.isArray(reply) ? reply[1] : undefined;
  return typeof value === 'string' ? value : '';
}
