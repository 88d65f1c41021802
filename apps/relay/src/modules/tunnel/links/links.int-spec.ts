import { once } from 'node:events';
import { AnsweringEnd, DialRefusedError, TunnelSocket } from '@pizzapi/tunnel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { ask, open, openSocket, textOf } from '../../../../testing/tunnel-client.js';
import { type ExposedTunnel, TunnelScene } from '../../../../testing/tunnel-scene.js';
import { RunnerLinks } from './runner-links.js';

let scene: TunnelScene;
let tunnel: ExposedTunnel;
let cookie: string;
beforeAll(async () => {
  scene = await TunnelScene.start(2);
  const { port, server } = await scene.serve((request, response) => {
    if (request.url !== '/events') return void response.end(`hello from ${request.headers.host}`);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let n = 0;
    const timer = setInterval(() => response.write(`data: ${++n}\n\n`), 20);
    response.on('close', () => clearInterval(timer));
  });
  new WebSocketServer({ server }).on('connection', (socket) =>
    socket.on('message', (data) => socket.send(textOf(data))),
  );
  tunnel = await scene.expose(port);
  cookie = await scene.enter(tunnel);
});
afterAll(() => scene[Symbol.asyncDispose]());

const refusal = async (headers: Record<string, string>, relay = scene.relay): Promise<unknown> => {
  try {
    await TunnelSocket.dial(`${relay.url}/_tunnel`, { headers });
    return null;
  } catch (error) {
    return error instanceof DialRefusedError ? { status: error.status, code: codeIn(error.body) } : error;
  }
};

describe('who may dial', () => {
  it('is a runner with a key of its owner', async () => {
    const bob = await scene.relay.account('bob');
    const runner = { 'x-pizzapi-runner': scene.runner.runnerId };
    expect(await refusal(runner)).toEqual({ status: 401, code: 'unauthenticated' });
    expect(await refusal({ ...runner, 'x-api-key': `pza_${'f'.repeat(43)}` })).toMatchObject({ status: 401 });
    expect(await refusal({ ...runner, 'x-api-key': bob.apiKey ?? '' })).toEqual({ status: 404, code: 'not_found' });
    expect(await refusal({ 'x-api-key': scene.ada.apiKey ?? '' })).toMatchObject({ status: 400 });
    expect(await ask(scene.relay.url, '/_tunnel')).toMatchObject({ status: 426 });
  });

  it('is not a replica with another secret', async () => {
    expect(await refusal({ authorization: 'Bearer forged' })).toEqual({ status: 401, code: 'unauthenticated' });
  });

  it('is disconnected when the key is revoked, on any replica', async () => {
    const key = await scene.ada.post<{ id: string; key: string }>('/api/api-keys', { name: 'runner' });
    const headers = { 'x-api-key': key.body.key, 'x-pizzapi-runner': scene.runner.runnerId };
    const socket = await TunnelSocket.dial(`${scene.replica(1).url}/_tunnel`, { headers });
    const end = AnsweringEnd.over(socket, () => undefined);
    await scene.ada.delete(`/api/api-keys/${key.body.id}`);
    await end.closed;
    expect(await refusal(headers)).toMatchObject({ status: 401 });
    // The newer connection has replaced the scene's own one, which was told to reconnect.
    const { runnerId } = scene.runner;
    await expect.poll(() => scene.relay.app.get(RunnerLinks, { strict: false }).endOf(runnerId) !== null).toBe(true);
  });
});

describe('a request to another replica than the runner’s', () => {
  const there = (path: string): ReturnType<typeof ask> =>
    ask(scene.replica(1).url, tunnel.origin + path, { headers: { cookie } });

  it('is forwarded there and back', async () => {
    expect(await there('/')).toMatchObject({ status: 200, body: `hello from localhost:${tunnel.port}` });
    const events = await open(scene.replica(1).url, `${tunnel.origin}/events`, { headers: { cookie } });
    const [first]: unknown[] = await once(events.setEncoding('utf8'), 'data');
    expect(first).toContain('data: 1');
    events.on('error', () => undefined).destroy();
    const socket = await openSocket(scene.replica(1).url, tunnel.origin, { cookie, origin: tunnel.origin });
    socket.send('ping');
    const [echo] = await once(socket, 'message');
    expect(String(echo)).toBe('ping');
    socket.terminate();
  });

  it('fails with a clear problem if the replicas have different secrets', async () => {
    const odd = await scene.startReplica({ PIZZAPI_SECRET_KEY: 'another-secret-of-tests-long-enough' });
    // The cookie does not depend on the secret, so the request gets as far as the hop.
    expect(await ask(odd.url, tunnel.origin, { headers: { cookie } })).toMatchObject({
      status: 503,
      body: expect.stringContaining('"code":"tunnel_offline"'),
    });
    await odd.stop();
  });

  it('gets the same problems as on the runner’s replica', async () => {
    const closed = await scene.serve(() => undefined);
    const at = await scene.expose(closed.port);
    const by = await scene.enter(at);
    await new Promise((resolve) => closed.server.close(resolve));
    expect(await ask(scene.replica(1).url, at.origin, { headers: { cookie: by } })).toMatchObject({
      status: 502,
      body: expect.stringContaining('"code":"service_unreachable"'),
    });
  });

  it('finds the runner after it has moved, and the old connection gets no new requests', async () => {
    const [one, two] = [scene.relay, scene.replica(1)].map(({ app }) => app.get(RunnerLinks, { strict: false }));
    const { runnerId } = scene.runner;
    expect([one?.endOf(runnerId) !== null, two?.endOf(runnerId) !== null]).toEqual([true, false]);
    await scene.dial(scene.replica(1));
    await expect.poll(() => [one?.endOf(runnerId) ?? null, two?.endOf(runnerId) !== null]).toEqual([null, true]);
    for (const relay of scene.relays)
      expect(await ask(relay.url, tunnel.origin, { headers: { cookie } })).toMatchObject({ status: 200 });
  });
});

describe('a runner without a tunnel connection', () => {
  it('is waited for briefly while its daemon is connected', async () => {
    await using other = await TunnelScene.start();
    const { port } = await other.serve((_request, response) => response.end('back'));
    const at = await other.expose(port);
    const by = await other.enter(at);
    const reach = (): ReturnType<typeof ask> => ask(other.relay.url, at.origin, { headers: { cookie: by } });
    await other.dialer.close(0);
    const waiting = reach();
    await other.dial();
    expect(await waiting).toMatchObject({ status: 200, body: 'back' });

    other.runner.stop();
    await Promise.all(other.allDialers.map((dialer) => dialer.close(0)));
    await expect.poll(reach).toMatchObject({
      status: 503,
      headers: { 'retry-after': '2' },
      body: expect.stringContaining('"code":"tunnel_offline"'),
    });
  });
});

function codeIn(body: string): string {
  const { code }: { code: string } = JSON.parse(body);
  return code;
}
