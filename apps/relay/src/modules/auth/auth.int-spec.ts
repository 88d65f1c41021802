import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { connectHub, RelayApi, TestBrowser } from '@pizzapi/testing';
import type { Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../testing/relay-fixture.js';
import { RelayConfig } from '../../config/config.js';
import { Redis } from '../../platform/redis/redis.js';
import { ApiKeyRepository } from './api-keys/api-key.repository.js';

/** `PIZZAPI_PORT` is 0 in tests, and so is the port of the public address. */
const ORIGIN = 'http://localhost:0';
const ada = { email: 'ada@example.com', password: 'correct horse' };

let cluster: TestCluster;
let relay: TestRelay;
beforeEach(async () => {
  cluster = await startCluster();
  relay = await cluster.start({ PIZZAPI_REGISTRATION: 'open', PIZZAPI_HOST: '127.0.0.1' });
});
afterEach(() => cluster[Symbol.asyncDispose]());

const closed = (socket: Pick<Socket, 'once' | 'connected'>): Promise<unknown> =>
  socket.connected ? new Promise((resolve) => socket.once('disconnect', resolve)) : Promise.resolve();

describe('API keys', () => {
  it('are refused if missing, forged or malformed', async () => {
    for (const key of [null, 'pza_short', `pza_${'A'.repeat(43)}`]) {
      const answer = await new RelayApi(relay.url, key).get<{ code: string }>('/api/auth/me');
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    }
  });

  it('are checked even if a valid cookie is sent with an invalid key', async () => {
    const browser = new TestBrowser(relay.url, ORIGIN);
    await browser.post('/api/register', ada);
    expect((await browser.send('GET', '/api/auth/me', { headers: { 'x-api-key': 'pza_forged' } })).status).toBe(401);
  });

  it('are refused and lose their sockets immediately when revoked, on every replica', async () => {
    await using replicas = await startCluster('postgres');
    const [one, other] = [await replicas.start(), await replicas.start()];
    const account = await one.account('ada');
    const made = await account.post<{ id: string; key: string }>('/api/api-keys', { name: 'laptop' });
    const sockets = await Promise.all([one, other].map(({ url }) => connectHub(url, { 'x-api-key': made.body.key })));
    const bystander = await connectHub(one.url, { 'x-api-key': account.apiKey ?? '' });

    const gone = Promise.all(sockets.map(closed));
    expect((await account.delete(`/api/api-keys/${made.body.id}`)).status).toBe(204);
    await gone;
    expect((await new RelayApi(other.url, made.body.key).get('/api/auth/me')).status).toBe(401);
    await expect(connectHub(one.url, { 'x-api-key': made.body.key })).rejects.toMatchObject({
      data: { code: 'unauthenticated' },
    });
    expect(bystander.connected).toBe(true);
    bystander.disconnect();
  });

  it('lose their sockets when revoked, also on a replica that missed the message', async () => {
    const account = await relay.account('ada');
    const made = await account.post<{ id: string; key: string }>('/api/api-keys', { name: 'laptop' });
    const gone = closed(await connectHub(relay.url, { 'x-api-key': made.body.key }));
    const bystander = await connectHub(relay.url, { 'x-api-key': account.apiKey ?? '' });
    await relay.app.get(ApiKeyRepository, { strict: false }).revoke(made.body.id, account.userId);
    // The connection that receives such messages.
    await relay.app.get(Redis, { strict: false }).commands.client('KILL', 'TYPE', 'PUBSUB');
    await gone;
    expect(bystander.connected).toBe(true);
    bystander.disconnect();
  });

  it('are refused and lose their sockets when they expire', async () => {
    const account = await relay.account('ada');
    // As short a lifetime as this machine can connect within.
    const comeIn = async (lifeMs: number): Promise<{ key: string; socket: Pick<Socket, 'once' | 'connected'> }> => {
      const expiresAt = new Date(Date.now() + lifeMs).toISOString();
      const made = await account.post<{ key: string }>('/api/api-keys', { name: 'brief', expiresAt });
      const isMade = made.status === 201 || lifeMs > 30_000;
      const socket = isMade ? await connectHub(relay.url, { 'x-api-key': made.body.key }).catch(() => null) : null;
      return socket ? { key: made.body.key, socket } : comeIn(2 * lifeMs);
    };
    const { key, socket } = await comeIn(1_000);
    await closed(socket);
    expect((await new RelayApi(relay.url, key).get('/api/auth/me')).status).toBe(401);
  });

  it('are shown once: a repeated POST creates no second one and omits the key', async () => {
    const account = await relay.account('ada');
    const [first, second] = [await makeKey(account, 'twice'), await makeKey(account, 'twice')];
    expect(second.body).toEqual({ ...first.body, key: undefined });
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect((await account.get<{ apiKeys: object[] }>('/api/api-keys')).body.apiKeys).toHaveLength(2);
  });

  it('are listed in pages', async () => {
    const account = await relay.account('ada');
    for (const name of ['a', 'b', 'c']) await makeKey(account, name);
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await account.get<{ apiKeys: { name: string }[]; nextCursor?: string }>(
        `/api/api-keys?limit=3${cursor}`,
      );
      seen.push(...body.apiKeys.map(({ name }) => name));
      if (body.nextCursor === undefined) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(seen).toEqual(['c', 'b', 'a', 'test']);
  });
});

function makeKey(account: TestAccount, name: string) {
  return account.post<{ key?: string }>('/api/api-keys', { name }, { 'idempotency-key': name });
}

describe('logins', () => {
  it('work by e-mail and password, get a new id each, and end with their sockets', async () => {
    const browser = new TestBrowser(relay.url, ORIGIN);
    await browser.post('/api/register', ada);
    const before = browser.cookie;
    expect((await browser.post('/api/auth/login', { ...ada, email: 'ADA@example.com' })).status).toBe(204);
    expect(browser.cookie).not.toBe(before);
    const cookie = browser.cookie ?? '';
    const socket = await connectHub(relay.url, { cookie, origin: ORIGIN });

    const gone = closed(socket);
    expect((await browser.post('/api/auth/logout')).status).toBe(204);
    await gone;
    browser.cookie = cookie;
    expect((await browser.get('/api/auth/me')).status).toBe(401);
    await expect(connectHub(relay.url, { cookie, origin: ORIGIN })).rejects.toMatchObject({
      data: { code: 'unauthenticated' },
    });
  });

  it('do not reveal whether address or password is wrong, and are rate-limited', async () => {
    const browser = new TestBrowser(relay.url, ORIGIN);
    await browser.post('/api/register', ada);
    browser.cookie = null;
    const unknown = await browser.post<{ code: string; detail: string }>('/api/auth/login', {
      email: 'eve@example.com',
      password: 'x',
    });
    const wrong = await browser.post<{ code: string; detail: string }>('/api/auth/login', { ...ada, password: 'x' });
    expect([unknown.status, wrong.status, unknown.body.code]).toEqual([401, 401, 'wrong_credentials']);
    expect(unknown.body.detail).toBe(wrong.body.detail);

    let answer = wrong;
    for (let n = 0; n < 12 && answer.status === 401; n++)
      answer = await browser.post('/api/auth/login', { ...ada, password: 'x' });
    expect(answer).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('cannot be used by another site', async () => {
    const browser = new TestBrowser(relay.url, ORIGIN);
    await browser.post('/api/register', ada);
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }]) {
      const answer = await browser.post<{ code: string }>('/api/api-keys', { name: 'mine' }, headers);
      expect(answer).toMatchObject({ status: 403, body: { code: 'origin_refused' } });
    }
    await expect(
      connectHub(relay.url, { cookie: browser.cookie ?? '', origin: 'https://evil.example' }),
    ).rejects.toThrow();
    await expect(connectHub(relay.url, { cookie: browser.cookie ?? '' })).rejects.toThrow();
    expect((await browser.post('/api/api-keys', { name: 'mine' })).status).toBe(201);
  });

  const said: Record<string, string>[] = [{}, { 'x-forwarded-proto': 'http' }];
  it.each(said)('work behind a proxy that ends TLS and says %j', async (headers) => {
    const address = 'https://console.example';
    await relay.stop(); // an SQLite file belongs to one relay
    const behind = await cluster.start({
      PIZZAPI_REGISTRATION: 'open',
      PIZZAPI_PUBLIC_URL: address,
      PIZZAPI_HOST: '127.0.0.1',
    });
    const browser = new TestBrowser(behind.url, address);
    const answer = await browser.post('/api/register', ada, headers);
    expect(answer.headers.get('set-cookie')).toMatch(/^pizzapi\.login=.*; HttpOnly; Secure; SameSite=Lax$/);
  });

  it('store no session for visitors who never log in', async () => {
    const answer = await fetch(`${relay.url}/api/auth/setup`);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });
});

describe('enrolment', () => {
  const secretFile = (): string => join(relay.app.get(RelayConfig).dataDir, 'enrolment-secret');
  const enrol = (secret: string, runnerId = randomUUID()) =>
    new RelayApi(relay.url).post<{ apiKey: string; code: string }>('/api/runners/enrol', {
      secret,
      runnerId,
      name: 'local',
    });

  it('accepts the secret of the data directory, once', async () => {
    expect(statSync(secretFile()).mode & 0o777).toBe(0o600);
    const secret = readFileSync(secretFile(), 'utf8');
    expect((await enrol('wrong')).status).toBe(401);
    expect((await enrol(secret)).status).toBe(201);
    expect((await enrol(secret)).body.code).toBe('unauthenticated');
    expect(existsSync(secretFile())).toBe(true);
    expect((await enrol(readFileSync(secretFile(), 'utf8'))).status).toBe(201);
  });

  it('issues a key for that runner only, which the first account takes over', async () => {
    const { body } = await enrol(readFileSync(secretFile(), 'utf8'));
    const runner = new RelayApi(relay.url, body.apiKey);
    expect((await runner.get<{ code: string }>('/api/auth/me')).body.code).toBe('forbidden');

    const first = await new RelayApi(relay.url).post<{ apiKey: string }>('/api/register', ada);
    const listed = await new RelayApi(relay.url, first.body.apiKey).get<{ apiKeys: { name: string }[] }>(
      '/api/api-keys',
    );
    expect(listed.body.apiKeys.map(({ name }) => name)).toContain('Runner local');
  });
});
