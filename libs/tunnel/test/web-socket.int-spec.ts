import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { Revocation } from '../src/index.js';
import { aTunnel } from './fixture/a-tunnel.js';

interface EchoService {
  server: Server;
  sockets: WebSocketServer;
  closes: [code: number, reason: string][];
}

/** Says everything back, and chooses the second subprotocol that it is offered. */
function echo(): EchoService {
  const server = createServer();
  const closes: [number, string][] = [];
  const sockets = new WebSocketServer({ server, handleProtocols: (offered) => [...offered][1] ?? false });
  sockets.on('connection', (socket) => {
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    socket.on('close', (code, reason) => closes.push([code, reason.toString()]));
  });
  return { server, sockets, closes };
}

async function open(url: string, protocols: string[] = []): Promise<WebSocket> {
  const socket = new WebSocket(url, protocols);
  await once(socket, 'open');
  return socket;
}

describe('WebSockets', () => {
  it('carry text and large binary messages', async () => {
    await using tunnel = await aTunnel({ service: echo().server });
    const socket = await open(tunnel.url);
    socket.send('Grüße');
    const [greeting, isBinary] = await once(socket, 'message');
    expect([String(greeting), isBinary]).toEqual(['Grüße', false]);
    const large = Buffer.alloc(5_000_000, 'pizza');
    socket.send(large);
    const [back] = (await once(socket, 'message')) as [Buffer];
    expect(back.equals(large)).toBe(true);
    socket.terminate();
  });

  it('carry pings', async () => {
    await using tunnel = await aTunnel({ service: echo().server });
    const socket = await open(tunnel.url);
    socket.ping('are you there');
    expect(String((await once(socket, 'pong'))[0])).toBe('are you there');
    socket.terminate();
  });

  it('agree on a subprotocol with the service', async () => {
    await using tunnel = await aTunnel({ service: echo().server });
    const socket = await open(tunnel.url, ['first', 'second']);
    expect(socket.protocol).toBe('second');
    socket.terminate();
  });

  it('closed by the client tell the service its code and reason', async () => {
    const { server, closes } = echo();
    await using tunnel = await aTunnel({ service: server });
    const socket = await open(tunnel.url);
    socket.close(4321, 'that was all');
    expect((await once(socket, 'close'))[0]).toBe(4321);
    await expect.poll(() => closes).toEqual([[4321, 'that was all']]);
    await expect.poll(() => tunnel.gate.ends).toEqual(['complete']);
  });

  it('closed by the service tell the client its code and reason', async () => {
    const { server, sockets } = echo();
    await using tunnel = await aTunnel({ service: server });
    const socket = await open(tunnel.url);
    for (const served of sockets.clients) served.close(4001, 'enough');
    const [code, reason] = await once(socket, 'close');
    expect([code, String(reason)]).toEqual([4001, 'enough']);
    await expect.poll(() => tunnel.gate.connection?.openStreams).toBe(0);
  });

  it('end at the service when the client is gone, and at the client when the service is', async () => {
    const { server, sockets, closes } = echo();
    await using tunnel = await aTunnel({ service: server });
    (await open(tunnel.url)).terminate();
    await expect.poll(() => closes.map(([code]) => code)).toEqual([1006]);
    const socket = await open(tunnel.url);
    for (const served of sockets.clients) served.terminate();
    expect((await once(socket, 'close'))[0]).toBe(1006);
    await expect.poll(() => tunnel.gate.connection?.openStreams).toBe(0);
  });

  it('that the service declines get its answer, body and all', async () => {
    const service = createServer().on('upgrade', (_request, socket) =>
      socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 10\r\nSet-Cookie: a=1\r\n\r\nno entrance'.slice(0, -1)),
    );
    await using tunnel = await aTunnel({ service });
    const socket = new WebSocket(tunnel.url);
    const [, response] = await once(socket, 'unexpected-response');
    expect([response.statusCode, response.headers['set-cookie']]).toEqual([401, ['a=1']]);
    expect(await text(response)).toBe('no entranc');
    await expect.poll(() => tunnel.gate.ends).toEqual(['complete']);
  });

  it('that the service takes for an ordinary request get an ordinary answer', async () => {
    await using tunnel = await aTunnel({ service: (_request, response) => response.end('just a page') });
    const socket = new WebSocket(tunnel.url);
    const [, response] = await once(socket, 'unexpected-response');
    expect([response.statusCode, await text(response)]).toEqual([200, 'just a page']);
  });

  it('that get a long ordinary answer get all of it, though they read it late', async () => {
    const page = Buffer.alloc(20_000_000, 'pizza');
    await using tunnel = await aTunnel({ service: (_request, response) => response.end(page) });
    const socket = new WebSocket(tunnel.url);
    const [, response] = await once(socket, 'unexpected-response');
    let before = -1;
    const isHeldUp = (): boolean => before === (before = tunnel.wire.bytesFromRunner);
    await expect.poll(isHeldUp, { interval: 100 }).toBe(true);
    expect((await buffer(response)).equals(page)).toBe(true);
  });

  it('to nobody are refused by name', async () => {
    await using tunnel = await aTunnel({ service: null });
    const socket = new WebSocket(tunnel.url);
    const [, response] = await once(socket, 'unexpected-response');
    expect([response.statusCode, response.headers['x-code']]).toEqual([502, 'refused']);
  });

  it('end when they are revoked', async () => {
    const revocation = new Revocation();
    const { server, closes } = echo();
    await using tunnel = await aTunnel({ service: server, gate: { exchange: () => ({ revocation }) } });
    const socket = await open(tunnel.url);
    revocation.revoke();
    expect((await once(socket, 'close'))[0]).toBe(1006);
    expect(tunnel.gate.ends).toEqual(['revoked']);
    await expect.poll(() => closes.length).toBe(1);
  });

  it('have no upgrade to other protocols beside them, past what rewrites headers', async () => {
    await using tunnel = await aTunnel({ service: echo().server });
    const socket = connect(tunnel.gate.port, '127.0.0.1');
    socket.write(
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: \r\n\r\n',
    );
    expect(await text(socket)).toContain('x-code: malformed');
  });
});
