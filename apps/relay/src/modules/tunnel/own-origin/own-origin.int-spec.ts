import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { TunnelTicket } from '@pizzapi/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask, NAVIGATION, type TunnelRequest } from '../../../../testing/tunnel-client.js';
import { type ExposedTunnel, TunnelScene } from '../../../../testing/tunnel-scene.js';

const API_KEY = `pza_${'k'.repeat(43)}`;

let scene: TunnelScene;
let tunnel: ExposedTunnel;
let cookie: string;
/** The last request that the service received. */
let asked: { method: string; url: string; headers: IncomingHttpHeaders; body: string } | null = null;
let answerWith: Record<string, string | string[]> = {};
let status = 200;

const visit = (path: string, { headers = {}, ...options }: TunnelRequest = {}): ReturnType<typeof ask> =>
  ask(scene.relay.url, tunnel.origin + path, { ...options, headers: { cookie, ...headers } });

beforeAll(async () => {
  scene = await TunnelScene.start();
  const { port } = await scene.serve((request, response) => {
    void bodyOf(request).then((body) => {
      asked = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
      response.writeHead(status, answerWith).end('hello');
    });
  });
  tunnel = await scene.expose(port);
});
afterAll(() => scene[Symbol.asyncDispose]());
beforeEach(async () => {
  [asked, answerWith, status] = [null, {}, 200];
  cookie = await scene.enter(tunnel);
});

describe('entering a tunnel', () => {
  const ticket = async (body: object = {}): Promise<TunnelTicket> =>
    (await scene.ada.post<TunnelTicket>(`/api/tunnels/${tunnel.tunnelId}/tickets`, body)).body;

  it('exchanges a ticket for a cookie of this origin only, once', async () => {
    const { url } = await ticket({ path: '//a?b=c' });
    const entered = await ask(scene.relay.url, url, { headers: { ...NAVIGATION, 'sec-fetch-site': 'cross-site' } });
    expect(entered).toMatchObject({
      status: 302,
      headers: { location: `${tunnel.origin}//a?b=c`, 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' },
    });
    expect(entered.headers['set-cookie']).toEqual([
      expect.stringMatching(/^__Host-pizzapi-tunnel=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=None; Partitioned$/),
    ]);
    const again = await ask(scene.relay.url, url, { headers: NAVIGATION });
    expect(again).toMatchObject({ status: 401, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(again.body).toContain('was used already');
    expect(again.headers['set-cookie']).toBeUndefined();
    expect(asked).toBeNull();
  });

  it('refuses tickets of other tunnels, forged ones, and other methods', async () => {
    const other = await scene.expose(1);
    const { url } = await ticket();
    const elsewhere = url.replace(tunnel.origin, other.origin);
    expect(await ask(scene.relay.url, elsewhere)).toMatchObject({ status: 401 });
    expect(await ask(scene.relay.url, `${tunnel.origin}/.pizzapi/enter?ticket=made-up`)).toMatchObject({ status: 401 });
    expect(await ask(scene.relay.url, (await ticket()).url, { method: 'POST' })).toMatchObject({ status: 404 });
    expect(await visit('/.pizzapi/other')).toMatchObject({ status: 404 });
    expect(asked).toBeNull();
  });

  it('redirects visitors without a cookie to the console', async () => {
    const came = await ask(scene.relay.url, `${tunnel.origin}/deep?x=1&key=${API_KEY}`, { headers: NAVIGATION });
    expect(came).toMatchObject({
      status: 302,
      headers: { location: expect.stringMatching(new RegExp(`/open-tunnel/${tunnel.label}\\?path=%2Fdeep%3Fx%3D1$`)) },
    });
    const others: Record<string, string>[] = [
      {},
      { ...NAVIGATION, 'sec-fetch-dest': 'iframe' },
      { accept: 'application/json' },
    ];
    for (const headers of others)
      expect(await ask(scene.relay.url, tunnel.origin, { headers })).toMatchObject({ status: 401 });
    expect(await ask(scene.relay.url, tunnel.origin, { headers: { cookie: `${cookie}x` } })).toMatchObject({
      status: 401,
      headers: { 'content-type': 'application/problem+json; charset=utf-8' },
      body: expect.stringContaining('"code":"unauthenticated"'),
    });
  });

  it('is not possible at an unknown label, nor at a subdomain of it', async () => {
    const forged = tunnel.origin.replace(tunnel.label, 'a'.repeat(26));
    expect(await ask(scene.relay.url, forged, { headers: { cookie } })).toMatchObject({
      status: 404,
      body: expect.stringContaining('"code":"not_found"'),
    });
    const page = await ask(scene.relay.url, forged, { headers: NAVIGATION });
    expect(page).toMatchObject({ status: 404, body: expect.stringContaining('Nothing is exposed here') });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body).not.toContain('<script');
    for (const host of [`x.${new URL(tunnel.origin).host}`, 'short.localhost:7492'])
      expect(
        await ask(scene.relay.url, '/api/auth/me', { headers: { host, 'x-api-key': scene.ada.apiKey ?? '' } }),
      ).toMatchObject({
        status: 404,
        body: expect.stringContaining('"code":"tunnel_address_invalid"'),
      });
  });
});

describe('a request to the service', () => {
  it('has its path unchanged, also one that the relay itself has', async () => {
    for (const path of [
      '/api/auth/me',
      '/socket.io/?EIO=4',
      '/metrics',
      '//x/../y',
      '/%2e%2e/a?b=%20&c',
      '/api/tunnel/x',
    ]) {
      expect(await visit(path)).toMatchObject({ status: 200, body: 'hello' });
      expect(asked).toMatchObject({ method: 'GET', url: path });
    }
  });

  it('has the service’s own host, and the address of the tunnel in X-Forwarded-*', async () => {
    await visit('/', { headers: { 'x-forwarded-for': '6.6.6.6', 'x-forwarded-host': 'evil', forwarded: 'for=evil' } });
    expect(asked?.headers).toMatchObject({
      host: expect.stringMatching(/^localhost:\d+$/),
      'x-forwarded-host': new URL(tunnel.origin).host,
      'x-forwarded-proto': 'http',
      'x-forwarded-for': '127.0.0.1',
    });
    expect(asked?.headers.forwarded).toBeUndefined();
  });

  it('of its own pages has its own origin', async () => {
    await visit('/save', {
      method: 'POST',
      body: 'x=1',
      headers: { origin: tunnel.origin, referer: `${tunnel.origin}/form?a`, 'sec-fetch-site': 'same-origin' },
    });
    const own = `http://${asked?.headers.host}`;
    expect(asked).toMatchObject({ method: 'POST', body: 'x=1', headers: { origin: own, referer: `${own}/form?a` } });
  });

  it('contains no credential of the relay', async () => {
    await visit(`/x?a=1&token=${API_KEY}&b=${encodeURIComponent(API_KEY)}&c=pza_short`, {
      headers: {
        cookie: `theme=dark; ${cookie}; pizzapi.login=s%3Aabc.def; lang=en`,
        authorization: 'Bearer secret',
        'x-api-key': scene.ada.apiKey ?? '',
        'pizzapi-tunnel-runner': 'other',
      },
    });
    expect(asked).toMatchObject({ url: '/x?a=1&c=pza_short', headers: { cookie: 'theme=dark; lang=en' } });
    for (const name of ['authorization', 'x-api-key', 'pizzapi-tunnel-runner'])
      expect(asked?.headers).not.toHaveProperty(name);
    await visit('/');
    expect(asked?.headers).not.toHaveProperty('cookie');
  });
});

describe('a response to the browser', () => {
  it('sets cookies for this host only, and none that imitates the relay’s', async () => {
    answerWith = {
      'set-cookie': [
        'a=1; Domain=localhost; Path=/',
        'b=2; domain = .localhost;HttpOnly',
        '__Host-pizzapi-tunnel=x',
        '__HOST-PIZZAPI-TUNNEL=y; Secure',
        'c=3',
      ],
    };
    expect((await visit('/')).headers['set-cookie']).toEqual(['a=1; Path=/', 'b=2;HttpOnly', 'c=3']);
  });

  it('may be framed by the console only, and keeps its other policies', async () => {
    answerWith = {
      'x-frame-options': 'DENY',
      'content-security-policy': ["default-src 'self'; frame-ancestors 'none'", 'frame-ancestors https://evil.example'],
    };
    const { headers } = await visit('/');
    expect(headers['x-frame-options']).toBeUndefined();
    const policies = String(headers['content-security-policy']);
    expect(policies).toMatch(
      /^default-src 'self', frame-ancestors 'self' http:\/\/localhost:\d+ http:\/\/127\.0\.0\.1:\d+$/,
    );
  });

  it('redirects within the tunnel, without headers that would harm the browser or the relay', async () => {
    status = 302;
    answerWith = {
      location: `http://localhost:${tunnel.port}/next?x`,
      'clear-site-data': '"cookies"',
      'alt-svc': 'h3=":443"',
      'service-worker-allowed': '/',
    };
    const { headers } = await visit('/');
    expect(headers).toMatchObject({ location: '/next?x', 'service-worker-allowed': '/', 'origin-agent-cluster': '?1' });
    expect(headers).not.toHaveProperty('clear-site-data');
    expect(headers).not.toHaveProperty('alt-svc');
    answerWith = { location: 'https://example.com/' };
    expect((await visit('/')).headers.location).toBe('https://example.com/');
  });
});

it('a response contains no instructions to proxies, and is not stored by shared caches', async () => {
  answerWith = { 'x-accel-redirect': '/private/key.pem', 'x-sendfile': '/etc/passwd', 'cache-control': 's-maxage=60' };
  const { headers } = await visit('/');
  expect(headers['cache-control']).toBe('s-maxage=60, private');
  for (const name of ['x-accel-redirect', 'x-sendfile']) expect(headers).not.toHaveProperty(name);
  answerWith = {};
  expect((await visit('/')).headers['cache-control']).toBe('private');
});

describe('requests of other sites', () => {
  const evil = { origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' };
  it.each([
    ['a form of another site', 'POST', evil],
    ['a page in a sandbox', 'POST', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['a script of a sibling tunnel', 'GET', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }],
    ['an image of another site', 'GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['a navigation that changes something', 'POST', { ...NAVIGATION, ...evil }],
    ['the console', 'POST', { origin: 'http://localhost:7492', 'sec-fetch-site': 'cross-site' }],
    ['a browser that does not say', 'DELETE', {}],
    ['an older browser', 'GET', { origin: 'http://evil.example' }],
  ])('are refused: %s', async (_what, method, headers) => {
    expect(await visit('/', { method, headers })).toMatchObject({ status: 403 });
    expect(asked).toBeNull();
  });

  it.each([
    ['a link from elsewhere', 'GET', { ...NAVIGATION, 'sec-fetch-site': 'cross-site' }],
    ['its own script', 'PUT', { origin: 'own', 'sec-fetch-site': 'same-origin' }],
    ['its own image', 'GET', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'no-cors' }],
    ['a person', 'GET', { ...NAVIGATION, 'sec-fetch-site': 'none' }],
    ['a browser that does not say', 'GET', {}],
  ])('are not: %s', async (_what, method, headers: Record<string, string>) => {
    const own: Record<string, string> = headers['origin'] === 'own' ? { origin: tunnel.origin } : {};
    expect(await visit('/', { method, headers: { ...headers, ...own } })).toMatchObject({ status: 200 });
    expect(asked).toMatchObject({ method });
  });
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
  return body;
}
