import type { IncomingMessage } from 'node:http';
import { TestBrowser } from '@pizzapi/testing';
import type { TunnelTicket, TunnelView } from '@pizzapi/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, open } from '../../../testing/tunnel-client.js';
import { type ExposedTunnel, TunnelScene } from '../../../testing/tunnel-scene.js';

const STREAMS = 3;
const BYTES_PER_SECOND = 200_000;

let scene: TunnelScene;
let tunnel: ExposedTunnel;
let cookie: string;
beforeAll(async () => {
  scene = await TunnelScene.start(1, {
    PIZZAPI_TUNNEL_STREAMS_PER_CALLER: String(STREAMS),
    PIZZAPI_TUNNEL_BYTES_PER_SECOND_PER_CALLER: String(BYTES_PER_SECOND),
    PIZZAPI_REGISTRATION: 'open',
  });
  const { port } = await scene.serve((request, response) => {
    if (request.url === '/large') return void response.end(Buffer.alloc(2 * BYTES_PER_SECOND));
    response.write('begin');
    if (request.url !== '/open') response.end();
  });
  tunnel = await scene.expose(port);
  cookie = await scene.enter(tunnel);
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

const get = (path: string): ReturnType<typeof ask> =>
  ask(scene.relay.url, tunnel.origin + path, { headers: { cookie } });
const begin = async (headers: Record<string, string>): Promise<IncomingMessage> => {
  const answer = await open(scene.relay.url, `${tunnel.origin}/open`, { headers });
  return answer.on('error', () => undefined).resume();
};

it('refuses streams beyond the limit of a caller, and accepts new ones when others have ended', async () => {
  const held = await Promise.all(Array.from({ length: STREAMS }, () => begin({ cookie })));
  expect(await get('/')).toMatchObject({
    status: 503,
    headers: { 'retry-after': '1' },
    body: expect.stringContaining('"code":"tunnel_busy"'),
  });
  const metrics = await ask(scene.relay.url, '/metrics');
  expect(metrics.body).toContain(`pizzapi_tunnel_open_streams ${STREAMS}`);
  expect(metrics.body).toMatch(/pizzapi_tunnel_refused_total\{reason="tunnel_busy"\} [1-9]/);
  expect(metrics.body).toMatch(/pizzapi_tunnel_bytes_total [1-9]/);
  for (const answer of held) answer.destroy();
  await expect.poll(() => get('/')).toMatchObject({ status: 200 });
});

it('slows down a caller who exceeds the limit of bytes', async () => {
  const begun = performance.now();
  expect((await get('/large')).body).toHaveLength(2 * BYTES_PER_SECOND);
  expect(performance.now() - begun).toBeGreaterThan(700);
});

it("admits a person with the console's cookie until they log out", async () => {
  const browser = new TestBrowser(scene.relay.url, 'http://localhost:0');
  const registered = await browser.post<{ user: { id: string } }>('/api/register', {
    name: 'Eve',
    email: 'eve@example.com',
    password: 'correct horse eve',
  });
  expect(registered).toMatchObject({ status: 201 });
  await scene.give(registered.body.user.id);
  const mine = await browser.get<{ tunnels: TunnelView[] }>('/api/tunnels');
  expect(mine.body.tunnels).toMatchObject([{ tunnelId: tunnel.tunnelId }]);
  const ticket = await browser.post<TunnelTicket>(`/api/tunnels/${tunnel.tunnelId}/tickets`);
  const entered = await ask(scene.relay.url, ticket.body.url);
  const own = entered.headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '';
  const byPath = `/api/tunnel/${scene.worker.sessionId}/${tunnel.port}/`;
  const console = { cookie: browser.cookie ?? '' };
  expect(await ask(scene.relay.url, byPath, { headers: console })).toMatchObject({ status: 200 });
  for (const origin of ['null', 'http://evil.example'])
    expect(await ask(scene.relay.url, byPath, { method: 'POST', headers: { ...console, origin } })).toMatchObject({
      status: 403,
    });
  const stream = await begin({ cookie: own });
  const cut = new Promise((resolve) => stream.once('close', () => resolve(stream.complete)));
  expect(await browser.post('/api/auth/logout')).toMatchObject({ status: 204 });
  expect(await cut).toBe(false);
  expect(await ask(scene.relay.url, tunnel.origin, { headers: { cookie: own } })).toMatchObject({ status: 401 });
  expect(await ask(scene.relay.url, byPath, { headers: console })).toMatchObject({ status: 401 });
});
