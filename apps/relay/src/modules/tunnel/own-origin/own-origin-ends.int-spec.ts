import { RelayApi } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { ask, NAVIGATION, open, openSocket, textOf } from '../../../../testing/tunnel-client.js';
import { type ExposedTunnel, TunnelScene } from '../../../../testing/tunnel-scene.js';

let scene: TunnelScene;
beforeAll(async () => {
  scene = await TunnelScene.start();
});
afterAll(() => scene[Symbol.asyncDispose]());

describe('access to a tunnel ends', () => {
  it('with its key and with its tunnel, even in the middle of a stream', async () => {
    const { port } = await scene.serve((request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`data: ${request.url}\n\n`);
    });
    const stream = async (at: ExposedTunnel, by: string): Promise<{ isCut: Promise<boolean> }> => {
      const answer = await open(scene.relay.url, `${at.origin}/events`, { headers: { cookie: by } });
      const first = await new Promise<string>((resolve) => answer.once('data', (chunk) => resolve(String(chunk))));
      expect(first).toContain('/events');
      return {
        isCut: new Promise((resolve) =>
          answer.once('close', () => resolve(!answer.complete)).on('error', () => undefined),
        ),
      };
    };
    const key = await scene.ada.post<{ id: string; key: string }>('/api/api-keys', { name: 'short-lived' });
    const byKey = new RelayApi(scene.relay.url, key.body.key);
    const events = await scene.expose(port);
    const [own, ofKey] = [await scene.enter(events), await scene.enter(events, scene.relay, byKey)];
    const [lasting, ending] = [await stream(events, own), await stream(events, ofKey)];

    expect(await scene.ada.delete(`/api/api-keys/${key.body.id}`)).toMatchObject({ status: 204 });
    expect(await ending.isCut).toBe(true);

    expect(await ask(scene.relay.url, events.origin, { headers: { cookie: ofKey } })).toMatchObject({ status: 401 });

    await scene.ada.delete(`/api/tunnels/${events.tunnelId}`);
    expect(await lasting.isCut).toBe(true);
    expect(await ask(scene.relay.url, events.origin, { headers: { cookie: own } })).toMatchObject({ status: 404 });
  });

  it('WebSockets require the own origin and the cookie', async () => {
    const { port, server } = await scene.serve((_request, response) => response.end());
    new WebSocketServer({ server }).on('connection', (socket) =>
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })),
    );
    const sockets = await scene.expose(port);
    const by = await scene.enter(sockets);
    const socket = await openSocket(scene.relay.url, `${sockets.origin}/socket.io/?x`, {
      cookie: by,
      origin: sockets.origin,
    });
    const echo = new Promise((resolve) => socket.once('message', (data) => resolve(textOf(data))));
    socket.send('ping');
    expect(await echo).toBe('ping');
    socket.close();
    const foreign: Record<string, string>[] = [{ cookie: by, origin: 'http://evil.example' }, { cookie: by }];
    for (const headers of foreign)
      await expect(openSocket(scene.relay.url, sockets.origin, headers)).rejects.toThrow('refused with 403');
    await expect(openSocket(scene.relay.url, sockets.origin, { origin: sockets.origin })).rejects.toThrow(
      'refused with 401',
    );
  });
});

describe('errors have named problems', () => {
  it.each([
    ['nobody listens', null, 502, 'service_unreachable', 'Nothing listens there', true],
    ['garbage instead of HTTP', 'garbage', 502, 'service_answer_invalid', 'The answer could not be read', false],
  ])('%s', async (_what, kind, expected, code, title, isPassing) => {
    const { port, server } = await scene.serve(() => undefined);
    if (kind === null) await new Promise((resolve) => server.close(resolve));
    else server.on('connection', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n'));
    const at = await scene.expose(port);
    const by = await scene.enter(at);
    expect(await ask(scene.relay.url, at.origin, { headers: { cookie: by } })).toMatchObject({
      status: expected,
      body: expect.stringContaining(`"code":"${code}"`),
    });
    const page = await ask(scene.relay.url, at.origin, { headers: { cookie: by, ...NAVIGATION } });
    expect(page).toMatchObject({ status: expected, body: expect.stringContaining(title) });
    // The page of a problem that may pass reloads by itself.
    expect(page.headers['refresh']).toBe(isPassing ? '5' : undefined);
    const form = { method: 'POST', headers: { cookie: by, ...NAVIGATION, origin: at.origin } };
    const sent = await ask(scene.relay.url, at.origin, form);
    expect([sent.status, sent.headers['refresh']]).toEqual([expected, undefined]);
  });

  it('a service that is not running, and one that returns on another port', async () => {
    const panel = { serviceId: 'builds', label: 'Builds', icon: 'activity', port: 1 };
    await scene.announce(panel);
    const list = await scene.ada.get<{ tunnels: ExposedTunnel[] }>(`/api/sessions/${scene.worker.sessionId}/tunnels`);
    const found = list.body.tunnels.find(({ serviceId }) => serviceId === 'builds');
    if (!found) throw new Error('The panel has no tunnel.');
    const by = await scene.enter(found);
    scene.services.delete('builds');
    expect(await ask(scene.relay.url, found.origin, { headers: { cookie: by } })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '2' },
      body: expect.stringContaining('"code":"service_not_running"'),
    });
    const { port } = await scene.serve((_request, response) => response.end('builds'));
    await scene.announce({ ...panel, port });
    expect(await ask(scene.relay.url, found.origin, { headers: { cookie: by } })).toMatchObject({ body: 'builds' });
  });
});
