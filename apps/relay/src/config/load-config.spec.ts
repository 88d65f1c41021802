import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InvalidConfigError } from './invalid-config.error.js';
import { loadConfig } from './load-config.js';

describe('loadConfig', () => {
  it('needs nothing', () => {
    expect(loadConfig({ HOME: '/home/ada' })).toMatchObject({
      host: '127.0.0.1',
      port: 7492,
      publicUrl: 'http://localhost:7492',
      redisUrl: null,
      registration: 'invite',
      durability: 'strict',
      secretKeys: null,
      trustedProxies: [],
      requestBodyBytes: 1_048_576,
      spawnMaxWaitMs: 86_400_000,
    });
  });

  it.each(['', ' '])('takes "%s" for unset, the address to listen on and the folders too', (empty) => {
    const names = ['PIZZAPI_HOME', 'PIZZAPI_DATA_DIR', 'PIZZAPI_HOST', 'PIZZAPI_PORT', 'PIZZAPI_REGISTRATION'];
    const env = Object.fromEntries([...names, 'REDIS_URL', 'PIZZAPI_CONSOLE_DIR'].map((name) => [name, empty]));
    expect(loadConfig(env)).toEqual(loadConfig({}));
  });

  it('keeps the data below PIZZAPI_HOME unless told otherwise', () => {
    expect(loadConfig({ PIZZAPI_HOME: '/srv/pizza' })).toMatchObject({
      dataDir: '/srv/pizza/relay',
      database: { type: 'sqlite', file: '/srv/pizza/relay/pizzapi.db' },
    });
    expect(loadConfig({ PIZZAPI_HOME: '/srv/pizza', PIZZAPI_DATA_DIR: '/data' }).dataDir).toBe('/data');
    expect(loadConfig({ PIZZAPI_HOME: 'pizza' }).dataDir).toBe(join(process.cwd(), 'pizza/relay'));
  });

  it.each([
    ['sqlite:/data/x.db', { type: 'sqlite', file: '/data/x.db' }],
    ['sqlite:///data/x.db', { type: 'sqlite', file: '/data/x.db' }],
    ['postgres://u:p@db/x', { type: 'postgres', url: 'postgres://u:p@db/x' }],
    ['postgresql://db/x', { type: 'postgres', url: 'postgresql://db/x' }],
  ])('reads DATABASE_URL %s', (DATABASE_URL, database) => {
    expect(loadConfig({ DATABASE_URL }).database).toEqual(database);
  });

  it.each([
    ['30s', 30_000],
    ['90m', 5_400_000],
    ['7d', 604_800_000],
  ])('reads the duration %s', (PIZZAPI_SPAWN_MAX_WAIT, ms) => {
    expect(loadConfig({ PIZZAPI_SPAWN_MAX_WAIT }).spawnMaxWaitMs).toBe(ms);
  });

  it('takes a second key during rotation', () => {
    const [fresh, old] = ['n'.repeat(32), 'o'.repeat(32)];
    expect(loadConfig({ PIZZAPI_SECRET_KEY: `${fresh}, ${old}` }).secretKeys).toEqual([fresh, old]);
  });

  it.each([
    ['PIZZAPI_HOME', '~/pizza', 'write that out'],
    ['PIZZAPI_DATA_DIR', '~', 'write that out'],
    ['PIZZAPI_PORT', '70000', 'is not a whole number from 0 to 65535'],
    ['PIZZAPI_PORT', 'http', 'is not a whole number'],
    ['PIZZAPI_REGISTRATION', 'everyone', 'is not one of invite, open, closed'],
    ['REDIS_URL', 'localhost:6379', 'is not a URL that starts with redis:// or rediss://'],
    ['DATABASE_URL', 'mysql://db', 'starts neither with'],
    ['DATABASE_URL', 'sqlite:', 'names no file'],
    ['PIZZAPI_SECRET_KEY', 'short', 'is shorter than 32 characters'],
    ['PIZZAPI_SPAWN_MAX_WAIT', '24', 'is not a duration like'],
    ['PIZZAPI_SPAWN_MAX_WAIT', '31d', 'is not a duration like'],
    ['PIZZAPI_INBOX_KEEP', '8d', 'is not a duration like'],
    ['PIZZAPI_PUBLIC_URL', 'pizza.example.com', 'is not a URL'],
    ['PIZZAPI_TRUSTED_PROXIES', '10.0.0.1, proxy', '"proxy" is no address and no range'],
    ['PIZZAPI_TRUSTED_PROXIES', '10.0.0.0/99', '"10.0.0.0/99" is no address and no range'],
    ['PIZZAPI_TRUSTED_PROXIES', '10.0.0.0/255.0.255.0', 'is no address and no range'],
    ['PIZZAPI_TRUSTED_PROXIES', 'fd00::/0', 'is no address and no range'],
  ])('refuses %s=%s in a sentence that names it', (name, value, problem) => {
    const refusal = (): unknown => loadConfig({ [name]: value });
    expect(refusal).toThrow(InvalidConfigError);
    expect(refusal).toThrow(name);
    expect(refusal).toThrow(problem);
  });

  it('knows addresses and ranges of proxies', () => {
    const proxies = ['10.0.0.1', '10.0.0.0/8', '10.0.0.0/255.255.0.0', 'fd00::/8', '::1', 'loopback'];
    expect(loadConfig({ PIZZAPI_TRUSTED_PROXIES: proxies.join(', ') }).trustedProxies).toEqual(proxies);
  });

  it('never repeats a password', () => {
    expect(() => loadConfig({ REDIS_URL: 'http://user:hunter2@redis' })).toThrow(/^(?!.*hunter2)/);
  });
});
