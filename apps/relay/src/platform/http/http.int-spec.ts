import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { removeFolder, temporaryFolder } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../testing/relay-fixture.js';

let folder: string;
let cluster: TestCluster;
let relay: TestRelay;
let account: TestAccount;
beforeAll(async () => {
  folder = await temporaryFolder('console');
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>console</title>');
  writeFileSync(join(folder, 'main-ABCD1234.js'), 'const plain = 1;');
  writeFileSync(join(folder, 'main-ABCD1234.js.br'), 'brotli');
  mkdirSync(join(folder, 'assets'));
  cluster = await startCluster();
  relay = await cluster.start({ PIZZAPI_CONSOLE_DIR: folder, PIZZAPI_MAX_BODY_BYTES: '2048' });
  account = await relay.account('ada');
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await removeFolder(folder);
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(relay.url + path, { headers });

describe('upgrades', () => {
  const upgrade = (path: string, protocol: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(relay.url).port), '127.0.0.1');
      let answer = '';
      socket.setEncoding('utf8').on('data', (text) => (answer += String(text)));
      socket.on('close', () => resolve(answer)).on('error', reject);
      const key = 'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
      socket.write(
        `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: upgrade, close\r\nupgrade: ${protocol}\r\n${key}\r\n`,
      );
    });

  it('to nowhere are refused with a problem, at once', async () => {
    for (const path of ['/nothing', '/api/auth/me?x', '/'])
      expect(await upgrade(path, 'websocket')).toMatch(
        /^HTTP\/1\.1 404 Not Found\r\ncontent-type: application\/problem\+json.*"code":"not_found"/s,
      );
  });

  it('to what nobody here speaks are no upgrades', async () => {
    expect(await upgrade('/health/live', 'h2c')).toMatch(/^HTTP\/1\.1 200 OK/);
  });
});

describe('what is no request', () => {
  /** All that comes back for some bytes, until the relay ends the connection. */
  const answerTo = (...bytes: string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(relay.url).port), '127.0.0.1');
      let answer = '';
      socket.setEncoding('utf8').on('data', (text) => (answer += String(text)));
      socket.on('end', () => resolve(answer)).on('error', reject);
      for (const text of bytes) socket.write(text);
    });
  const CHUNKED = 'host: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';
  const BROKEN = {
    'a line that is none': ['GARBAGE\r\n\r\n', 400, 'invalid_request'],
    'a header that is none': ['GET / HTTP/1.1\r\nhost: x\r\nbad header\r\n\r\n', 400, 'invalid_request'],
    'a length that is none': ['POST / HTTP/1.1\r\nhost: x\r\ncontent-length: x\r\n\r\n', 400, 'invalid_request'],
    'no host': ['GET /health/live HTTP/1.1\r\nconnection: close\r\n\r\n', 400, 'invalid_request'],
    'an expectation that nobody knows': [
      'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: wonders\r\n\r\n',
      417,
      'invalid_request',
    ],
    'a chunk that is none': [`POST /api/register HTTP/1.1\r\n${CHUNKED}zz\r\n{}\r\n`, 400, 'invalid_request'],
    'more headers than are read': [
      `GET / HTTP/1.1\r\nhost: x\r\ncookie: ${'c'.repeat(1_000_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
  } as const;

  it.each(Object.entries(BROKEN))('is answered with a problem, once: %s', async (_what, [bytes, status, code]) => {
    const [head = '', body = '', ...rest] = (await answerTo(bytes)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(head.toLowerCase()).toContain('content-type: application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ status, code, detail: expect.stringMatching(/\.$/) as string });
    expect(rest).toEqual([]);
  });

  it('takes nothing from the request before it', async () => {
    const answers = await answerTo('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n', 'GARBAGE\r\n\r\n');
    expect(answers).toMatch(/^HTTP\/1\.1 (200 OK|400 Bad Request)\r\n/);
    expect(answers).toContain('"code":"invalid_request"');
  });
});

describe('problems', () => {
  it('answer unknown addresses, of the API without a page', async () => {
    for (const path of ['/api/nothing', '/missing.js']) {
      const answer = await get(path, { accept: 'text/html' });
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
        path,
        404,
        'application/problem+json; charset=utf-8',
      ]);
    }
  });

  it('carry the request id of the caller, unless it is a trick', async () => {
    expect((await get('/api/nothing', { 'x-request-id': 'mine-1' })).headers.get('x-request-id')).toBe('mine-1');
    expect((await get('/api/nothing', { 'x-request-id': 'a b{}"' })).headers.get('x-request-id')).toMatch(
      /^[0-9a-f-]{36}$/,
    );
  });

  it('name a body that is too large, and a prompt that is', async () => {
    const text = 'x'.repeat(3_000);
    expect(await account.post('/api/api-keys', { name: text })).toMatchObject({
      status: 413,
      body: { code: 'body_too_large' },
    });
    for (const path of ['/api/sessions', `/api/sessions/01a1fcf2-4351-7414-896f-c4b29a8d94a8/input`]) {
      expect(await account.post(path, { text })).toMatchObject({ status: 413, body: { code: 'prompt_too_large' } });
    }
  });

  it.each([
    ['{', 'The body is not valid JSON.'],
    ['nul', 'The body is not valid JSON.'],
    ['null', 'The body has to be a JSON object.'],
    ['"text"', 'The body has to be a JSON object.'],
    ['[{}]', 'The body has to be a JSON object.'],
  ])('say what a body is not: %s', async (body, detail) => {
    const answer = await account.raw('/api/api-keys', { 'content-type': 'application/json' }, { method: 'POST', body });
    expect(await answer.json()).toMatchObject({ status: 400, code: 'invalid_request', detail });
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain'])(
    'name the header of a body that is sent as %s, as curl does by itself',
    async (type) => {
      const answer = await account.raw(
        '/api/api-keys',
        { 'content-type': type },
        { method: 'POST', body: '{"name":"x"}' },
      );
      expect(await answer.json()).toMatchObject({
        status: 400,
        code: 'invalid_request',
        errors: [{ path: 'content-type', message: expect.stringContaining('application/json') as string }],
      });
    },
  );

  it('name what a query has that nobody reads', async () => {
    const unread = { status: 400, code: 'invalid_request', errors: [{ path: 'limit' }, { path: 'name' }] };
    for (const path of ['/api/auth/me', '/api/agent-policy', '/api/sessions?limit=1']) {
      const all = `${path}${path.includes('?') ? '&' : '?limit=1&'}name=x`;
      const errors = path.includes('?') ? [{ path: 'name' }] : unread.errors;
      expect(await account.get(all)).toMatchObject({ status: 400, body: { ...unread, errors } });
    }
    // Or it would be all of them that are removed.
    const session = '/api/sessions/01a1fcf2-4351-7414-896f-c4b29a8d94a8/triggers?name=x';
    expect(await account.delete(session)).toMatchObject({ status: 400, body: { errors: [{ path: 'name' }] } });
    expect((await get('/health/live?name=x')).status).toBe(200);
    expect((await get('/api/auth/me?name=x')).status).toBe(401);
    expect((await account.get('/api/auth/me?')).status).toBe(200);
  });

  it('take no body that they cannot read for one that says nothing', async () => {
    const policy = { sandbox: { mode: 'full' } };
    expect(await account.send('PUT', '/api/agent-policy', { body: policy })).toMatchObject({ status: 200 });
    const headers = { 'content-type': 'application/octet-stream' };
    for (const [method, path] of [
      ['PUT', '/api/agent-policy'],
      ['POST', '/api/invitations'],
    ] as const) {
      const answer = await account.raw(path, headers, { method, body: JSON.stringify(policy) });
      expect(await answer.json()).toMatchObject({ status: 400, errors: [{ path: 'content-type' }] });
    }
    // An invitation may say nothing; what replaces a policy may not.
    const silent: Record<string, string>[] = [{}, { 'content-type': 'application/json' }];
    for (const headers of silent) {
      const nothing = await account.raw('/api/agent-policy', headers, { method: 'PUT', body: '' });
      expect(await nothing.json()).toMatchObject({ status: 400, detail: 'The body has to be a JSON object.' });
    }
    expect(await account.get('/api/agent-policy')).toMatchObject({ body: { policy } });
    expect((await account.raw('/api/invitations', {}, { method: 'POST' })).status).toBe(201);
  });

  it.each([
    ['content-type', { 'content-type': 'application/json; charset=klingon' }],
    ['content-encoding', { 'content-type': 'application/json', 'content-encoding': 'zap' }],
  ])('name %s where a body cannot be read for it', async (path, headers) => {
    const answer = await account.raw('/api/api-keys', headers, { method: 'POST', body: '{"name":"x"}' });
    expect(await answer.json()).toMatchObject({ status: 400, code: 'invalid_request', errors: [{ path }] });
  });

  it.each(['utf-16le', 'utf-16be', 'utf-16', 'utf-32', 'UTF-7'])(
    'name UTF-8 where a body is in %s, in which a number that is too long would not be noticed',
    async (charset) => {
      const json = '{"type":"time:tick","payload":{"id":12345678901234567891}}';
      const answer = await account.raw(
        `/api/runners/01a1fcf2-4351-7414-896f-c4b29a8d94a8/trigger-broadcast`,
        { 'content-type': `application/json; charset=${charset}` },
        { method: 'POST', body: new Uint8Array(Buffer.from(json, 'utf16le')) },
      );
      const advice = expect.stringContaining('UTF-8') as string;
      expect(await answer.json()).toMatchObject({ status: 400, errors: [{ path: 'content-type', message: advice }] });
    },
  );

  it.each(['utf-8', 'UTF-8', '"utf-8"'])('take a body that says it is %s', async (charset) => {
    const headers = { 'content-type': `application/json; charset=${charset}` };
    const answer = await account.raw('/api/api-keys', headers, { method: 'POST', body: '{"name":"Grüße"}' });
    expect(answer.status).toBe(201);
  });

  it('say how a file is to be sent', async () => {
    const wrongField = new FormData();
    wrongField.set('photo', new Blob(['x']), 'x.txt');
    const mixed = { 'content-type': 'multipart/mixed; boundary=x' };
    for (const [headers, body] of [
      [{}, wrongField],
      [mixed, '--x\r\n\r\n--x--'],
    ] as const) {
      const answer = await account.raw('/api/attachments', headers, { method: 'POST', body });
      const advice = expect.stringContaining('in the field "file"') as string;
      expect(await answer.json()).toMatchObject({ status: 400, errors: [{ path: 'file', message: advice }] });
    }
  });

  it('refuse the cursor of another list, which would skip some of this one', async () => {
    for (let n = 0; n < 2; n++) await account.post('/api/api-keys', { name: 'key' });
    const { body } = await account.get<{ nextCursor: string }>('/api/api-keys?limit=1');
    expect(await account.get(`/api/api-keys?cursor=${body.nextCursor}`)).toMatchObject({ status: 200 });
    for (const list of ['tunnels', 'members', 'invitations'])
      expect(await account.get(`/api/${list}?cursor=${body.nextCursor}`)).toMatchObject({
        status: 400,
        body: { errors: [{ path: 'cursor', message: expect.stringContaining('nextCursor') as string }] },
      });
  });

  it.each([
    ['/api/runners/abc', 'runnerId', "is no runner's id"],
    ['/api/sessions/%E2%80%A6/triggers', 'sessionId', "is no session's id"],
  ])('name the id in %s that is none', async (path, field, message) => {
    expect(await account.get(path)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ path: field, message: expect.stringContaining(message) as string }] },
    });
  });
});

describe('the console', () => {
  it('is served with a strict policy', async () => {
    const policy = (await get('/', { accept: 'text/html' })).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain('ws://localhost:0');
  });

  it('answers page addresses with index.html, never cached', async () => {
    const page = await get('/sessions/1', { accept: 'text/html' });
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-cache']);
    expect(await page.text()).toContain('console');
  });

  it('keeps hashed files for good and takes the compressed ones', async () => {
    const script = await get('/main-ABCD1234.js', { 'accept-encoding': 'br' });
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(script.headers.get('content-encoding')).toBe('br');
  });
});

describe('for operators', () => {
  it('there are health, metrics, the OpenAPI document and its page', async () => {
    expect(await (await get('/health/live')).json()).toEqual({ status: 'live' });
    expect(await (await get('/health/ready')).json()).toEqual({ status: 'ready', missing: [] });
    expect(await (await get('/metrics')).text()).toContain('pizzapi_process_resident_memory_bytes');
    expect(await (await get('/api/openapi.json')).json()).toMatchObject({
      openapi: expect.stringMatching(/^3/),
      paths: { '/api/register': {} },
    });
    const docs = await get('/api/docs');
    expect(docs.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(await docs.text()).not.toMatch(/<script>(?!\s*<\/script>)/);
    expect((await get('/api/docs/swagger-ui-bundle.js')).status).toBe(200);
  });

  it('readiness names the Redis that is gone', async () => {
    process.kill(cluster.redis.pid, 'SIGSTOP');
    try {
      const answer = await get('/health/ready');
      expect([answer.status, await answer.json()]).toEqual([503, { status: 'not ready', missing: ['redis'] }]);
      expect(answer.headers.get('retry-after')).toBe('1');
    } finally {
      process.kill(cluster.redis.pid, 'SIGCONT');
    }
  });
});
