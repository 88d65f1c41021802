import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createServer } from 'node:http';
import { aTunnel } from './fixture/a-tunnel.js';
import { ask, begin, isWhole } from './fixture/ask.js';
import { endless } from './fixture/endless.js';
import { waitUntil } from './fixture/wait-until.js';

describe('a connection that is cut', () => {
  it('is an error of a download in its middle, not its end', async () => {
    await using tunnel = await aTunnel({ service: endless });
    const answer = await begin(tunnel.url);
    await once(answer, 'data');
    tunnel.wire.cut();
    expect(await isWhole(answer)).toBe(false);
    expect(tunnel.gate.ends).toEqual(['cut']);
  });

  it('is an error also of an answer of known length', async () => {
    await using tunnel = await aTunnel({
      service: (_request, response) => response.writeHead(200, { 'content-length': '1000' }).write('half'),
    });
    const answer = await begin(tunnel.url);
    await once(answer, 'data');
    tunnel.wire.cut();
    expect(await isWhole(answer)).toBe(false);
  });

  it('is an error by name of a request that has no answer yet', async () => {
    const asked = Promise.withResolvers<void>();
    await using tunnel = await aTunnel({ service: () => asked.resolve() });
    const answer = ask(tunnel.url);
    await asked.promise;
    tunnel.wire.cut();
    expect((await answer).body.toString()).toBe('interrupted');
  });

  it('ends WebSockets on both sides', async () => {
    const server = createServer();
    const sockets = new WebSocketServer({ server });
    await using tunnel = await aTunnel({ service: server });
    const socket = new WebSocket(tunnel.url);
    await once(socket, 'open');
    tunnel.wire.cut();
    expect((await once(socket, 'close'))[0]).toBe(1006);
    await expect.poll(() => sockets.clients.size).toBe(0);
  });

  it('comes back, five times in a row', async () => {
    await using tunnel = await aTunnel({ service: (_request, response) => response.end('fine') });
    for (let round = 1; round <= 5; round++) {
      tunnel.wire.cut();
      await waitUntil(() => tunnel.gate.connections.length > round && tunnel.gate.connection !== null, 'dialled again');
      expect((await ask(tunnel.url)).body.toString()).toBe('fine');
    }
  });
});

describe('a connection that has fallen silent', () => {
  it('is found by both ends, and replaced', async () => {
    const reasons: string[] = [];
    await using tunnel = await aTunnel({
      service: (_request, response) => response.end('fine'),
      gate: { pingIntervalMs: 100 },
      runner: { pingIntervalMs: 100, onClosed: (reason) => reasons.push(reason) },
    });
    tunnel.wire.freeze();
    expect(await tunnel.gate.connections[0]?.closed).toBe('the other end has fallen silent');
    await waitUntil(() => tunnel.gate.connection !== null, 'dialled again');
    expect(reasons).toEqual(['the other end has fallen silent']);
    expect((await ask(tunnel.url)).body.toString()).toBe('fine');
  });

  it('is told from one that is merely quiet', async () => {
    await using tunnel = await aTunnel({
      service: (_request, response) => void setTimeout(() => response.end('at last'), 1_000),
      gate: { pingIntervalMs: 300 },
      runner: { pingIntervalMs: 300 },
    });
    expect((await ask(tunnel.url)).body.toString()).toBe('at last');
    expect(tunnel.gate.connections.length).toBe(1);
  });
});
