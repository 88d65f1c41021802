import type { IncomingHttpHeaders } from 'node:http';
import type { TunnelTicket } from '@pizzapi/protocol';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask, openSocket, type TunnelAnswer } from '../../../../testing/tunnel-client.js';
import { type ExposedTunnel, TunnelScene } from '../../../../testing/tunnel-scene.js';

let scene: TunnelScene;
let tunnel: ExposedTunnel;
let key: Record<string, string>;
let asked: { url: string; headers: IncomingHttpHeaders } | null = null;
let answerWith: Record<string, string | string[]> = {};
let status = 200;

const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<TunnelAnswer> =>
  ask(scene.relay.url, path, { headers, method });
const bySession = (path = '/'): string => `/api/tunnel/${scene.worker.sessionId}/${tunnel.port}${path}`;
const byRunner = (path = '/'): string => `/api/tunnel/runner/${scene.runner.runnerId}/${tunnel.port}${path}`;
const byToken = async (path = '/'): Promise<string> => {
  const { body } = await scene.ada.post<TunnelTicket>(`/api/tunnels/${tunnel.tunnelId}/tickets`, {
    path,
    form: 'path',
  });
  return body.url.slice(new URL(body.url).origin.length);
};

beforeAll(async () => {
  scene = await TunnelScene.start();
  key = { 'x-api-key': scene.ada.apiKey ?? '' };
  const { port } = await scene.serve((request, response) => {
    asked = { url: request.url ?? '', headers: request.headers };
    response.writeHead(status, answerWith).end('hello');
  });
  tunnel = await scene.expose(port);
});
afterAll(() => scene[Symbol.asyncDispose]());
beforeEach(() => {
  [asked, answerWith, status] = [null, {}, 200];
});

/** Expects the headers that every response in this form has. */
function expectSandbox({ headers }: TunnelAnswer): void {
  expect(headers['content-security-policy']).toContain('sandbox allow-scripts allow-forms; frame-ancestors ');
  expect(headers['referrer-policy']).toBe('no-referrer');
  for (const name of ['set-cookie', 'clear-site-data', 'service-worker-allowed'])
    expect(headers).not.toHaveProperty(name);
}

describe('with a key', () => {
  it('reaches the port by session and by runner, verbatim, without a credential', async () => {
    for (const url of [bySession('/a//b?x=%20'), byRunner('/a//b?x=%20')]) {
      const answer = await get(url, {
        ...key,
        cookie: 'a=1',
        referer: `${scene.relay.url}/s`,
        authorization: 'Basic x',
      });
      expect(answer).toMatchObject({ status: 200, body: 'hello' });
      expectSandbox(answer);
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
      expect(asked).toMatchObject({ url: '/a//b?x=%20', headers: { host: `localhost:${tunnel.port}` } });
      for (const name of ['cookie', 'referer', 'authorization', 'x-api-key'])
        expect(asked?.headers).not.toHaveProperty(name);
    }
  });

  it('reaches the port where a service currently has its panel', async () => {
    const { port } = await scene.serve((_request, response) => response.end('panel'));
    await scene.announce({ serviceId: 'builds', label: 'Builds', icon: 'activity', port });
    for (const url of [
      `/api/tunnel/${scene.worker.sessionId}/${port}/`,
      `/api/tunnel/runner/${scene.runner.runnerId}/${port}/`,
    ])
      expect(await get(url, key)).toMatchObject({ status: 200, body: 'panel' });
  });

  it('reaches no unexposed port, no runner of another account, and nothing at an invalid address', async () => {
    const bob = await scene.relay.account('bob');
    const refused = [
      await get(`/api/tunnel/${scene.worker.sessionId}/1/`, key),
      await get(`/api/tunnel/runner/${scene.runner.runnerId}/${new URL(scene.relay.url).port}/`, key),
      await get(bySession(), { 'x-api-key': bob.apiKey ?? '' }),
      await get(byRunner(), { 'x-api-key': bob.apiKey ?? '' }),
      await get(`/api/tunnel/${randomUUID()}/${tunnel.port}/`, key),
      await get('/api/tunnel/nonsense/1/', key),
      await get(`/api/tunnel/${scene.worker.sessionId}/70000/`, key),
    ];
    for (const answer of refused) {
      expect(answer).toMatchObject({
        status: 404,
        headers: { 'content-type': 'application/problem+json; charset=utf-8' },
      });
      expectSandbox(answer);
    }
    const unknown: Record<string, string>[] = [{}, { 'x-api-key': 'pza_forged' }];
    for (const headers of unknown) {
      const answer = await get(bySession(), headers);
      expect(answer).toMatchObject({ status: 401 });
      expectSandbox(answer);
    }
    expect(asked).toBeNull();
  });

  it('removes headers that affect the whole origin, and keeps redirects below the address', async () => {
    status = 302;
    answerWith = {
      location: '/next',
      'set-cookie': 'a=1',
      'clear-site-data': '"*"',
      'service-worker-allowed': '/',
      'strict-transport-security': 'max-age=1',
      'www-authenticate': 'Basic realm="console"',
      'referrer-policy': 'unsafe-url',
      'x-frame-options': 'DENY',
      'access-control-allow-origin': 'https://evil.example',
      'access-control-allow-credentials': 'true',
      'content-security-policy': "script-src 'self'; frame-ancestors 'none'",
    };
    const answer = await get(bySession(), key);
    expectSandbox(answer);
    expect(answer.headers.location).toBe(bySession('/next'));
    expect(answer.headers['content-security-policy']).toMatch(/^script-src 'self', sandbox/);
    for (const name of [
      'strict-transport-security',
      'www-authenticate',
      'x-frame-options',
      'access-control-allow-origin',
      'access-control-allow-credentials',
    ])
      expect(answer.headers).not.toHaveProperty(name);
  });

  it('passes on no instructions to proxies, and keeps responses out of shared caches', async () => {
    answerWith = {
      'x-accel-redirect': '/private/key.pem',
      'x-accel-buffering': 'no',
      'x-sendfile': '/etc/passwd',
      'surrogate-control': 'max-age=60',
      'cloudflare-cdn-cache-control': 'max-age=60',
      'cache-control': 'public, max-age=60',
    };
    const { headers } = await get(bySession(), key);
    expect(headers).toMatchObject({ 'x-accel-buffering': 'no', 'cache-control': 'public, max-age=60, private' });
    for (const name of ['x-accel-redirect', 'x-sendfile', 'surrogate-control', 'cloudflare-cdn-cache-control'])
      expect(headers).not.toHaveProperty(name);
    answerWith = { 'cache-control': 'no-store' };
    expect((await get(bySession(), key)).headers['cache-control']).toBe('no-store');
  });

  it.each(['multipart/x-mixed-replace; boundary=x', ' Multipart/Mixed;boundary=x'])(
    'sends responses whose parts have their own headers as plain bytes: %s',
    async (type) => {
      answerWith = { 'content-type': type };
      expect((await get(bySession(), key)).headers['content-type']).toBe('application/octet-stream');
    },
  );

  it('redirects to an address at which relative URLs work', async () => {
    const answer = await get(bySession('?x=1'), key);
    expect(answer).toMatchObject({ status: 308, headers: { location: bySession('/?x=1') } });
    expectSandbox(answer);
  });
});

describe('with a token', () => {
  it('is accessible to a page with an opaque origin, including CORS preflights', async () => {
    const url = await byToken('/api/data?x=1');
    const answer = await get(url, { origin: 'null', 'sec-fetch-site': 'cross-site' });
    expect(answer).toMatchObject({ status: 200, body: 'hello', headers: { 'access-control-allow-origin': '*' } });
    expectSandbox(answer);
    expect(asked).toMatchObject({ url: '/api/data?x=1', headers: { origin: `http://localhost:${tunnel.port}` } });
    asked = null;
    const wishes = { origin: 'null', 'access-control-request-method': 'PUT', 'access-control-request-headers': 'x-a' };
    expect(await get(url, wishes, 'OPTIONS')).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'PUT',
        'access-control-allow-headers': 'x-a',
      },
    });
    expect(asked).toBeNull();
  });

  it('is valid for one tunnel only, cannot be forged, and ends with the tunnel', async () => {
    const url = await byToken();
    const [head, body, signature] = url.split('/')[4]?.split('.') ?? [];
    const forged = `/api/tunnel/auth/${head}.${Buffer.from('{"sub":"tun_x","jti":"x","aud":"pizzapi:tunnel-path"}').toString('base64url')}.${signature}/`;
    for (const bad of [forged, `/api/tunnel/auth/${head}.${body}.x/`, '/api/tunnel/auth/x/']) {
      const answer = await get(bad);
      expect(answer).toMatchObject({ status: 401, headers: { 'access-control-allow-origin': '*' } });
      expectSandbox(answer);
    }
    const { port } = await scene.serve((_request, response) => response.end('other'));
    const other = await scene.expose(port);
    const { body: ticket } = await scene.ada.post<TunnelTicket>(`/api/tunnels/${other.tunnelId}/tickets`, {
      form: 'path',
    });
    expect(await get(new URL(ticket.url).pathname)).toMatchObject({ body: 'other' });
    await scene.ada.delete(`/api/tunnels/${other.tunnelId}`);
    expect(await get(new URL(ticket.url).pathname)).toMatchObject({ status: 401 });
  });

  it('lets the console load no code from it', async () => {
    const url = await byToken('/evil.js');
    for (const destination of ['script', 'style', 'serviceworker', 'worker'])
      expect(await get(url, { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': destination })).toMatchObject({
        status: 403,
      });
    expect(asked).toBeNull();
    expect(await get(url, { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'script' })).toMatchObject({
      status: 200,
    });
  });
});

it('answers WebSockets with a problem, too', async () => {
  await expect(openSocket(scene.relay.url, bySession())).rejects.toThrow('refused with 401');
  await expect(openSocket(scene.relay.url, '/api/tunnel/auth/x/')).rejects.toThrow('refused with 401');
});
