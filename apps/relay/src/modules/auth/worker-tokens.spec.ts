import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../config/load-config.js';
import { SecretKeys } from '../../platform/secrets/secret-keys.js';
import { WorkerTokens } from './worker-tokens.js';

const claims = { sessionId: 'session', runnerId: 'runner', ownerId: 'usr_1' };
const [fresh, old] = ['n'.repeat(32), 'o'.repeat(32)];
const withKeys = (keys: string): WorkerTokens =>
  new WorkerTokens(new SecretKeys(loadConfig({ PIZZAPI_SECRET_KEY: keys })));

afterEach(() => vi.useRealTimers());

describe('a worker token', () => {
  it('names its session', async () => {
    const tokens = withKeys(fresh);
    expect(await tokens.verify(await tokens.issue(claims))).toEqual(claims);
  });

  it('is valid while its key is the previous one of a rotation, and no longer', async () => {
    const token = await withKeys(old).issue(claims);
    expect(await withKeys(`${fresh},${old}`).verify(token)).toEqual(claims);
    await expect(withKeys(fresh).verify(token)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('is valid for five minutes', async () => {
    const tokens = withKeys(fresh);
    const token = await tokens.issue(claims);
    vi.useFakeTimers({ now: Date.now() + 4 * 60_000, toFake: ['Date'] });
    expect(await tokens.verify(token)).toEqual(claims);
    vi.setSystemTime(Date.now() + 2 * 60_000);
    await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it.each(['', 'nonsense', 'a.b.c', `${btoa('{"alg":"none"}')}.${btoa('{"sub":"x"}')}.`])('is not %j', async (text) => {
    await expect(withKeys(fresh).verify(text)).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('a secret key that was not configured', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pizzapi-secret-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is generated once and stored in a file that only this user can read', async () => {
    const config = loadConfig({ PIZZAPI_DATA_DIR: folder });
    const token = await new WorkerTokens(new SecretKeys(config)).issue(claims);
    expect(await new WorkerTokens(new SecretKeys(config)).verify(token)).toEqual(claims);
    expect(statSync(join(folder, 'secret-key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'secret-key'), 'utf8')).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is refused with several replicas', () => {
    const config = loadConfig({ PIZZAPI_DATA_DIR: folder, PIZZAPI_REPLICA_URL: 'http://a:7492' });
    expect(() => new SecretKeys(config)).toThrow('PIZZAPI_SECRET_KEY');
  });
});
