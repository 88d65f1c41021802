import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { aTunnel } from './fixture/a-tunnel.js';

/** Says everything back, and chooses the second subprotocol. */
function echoServer() {
  const server = createServer();
  const sockets = new WebSocketServer({ server, handleProtocols: (offered) => [...offered][1] ?? false });
  sockets.on('connection', (socket) => {
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    socket.on('close', (code, reason) => closes.push([code, reason.toString()]));
  });
  const closes: [number, string][] = [];
  return { server, closes };
}

describe('WebSockets', () => {
  it('carry text, large binary messages, pings, subprotocols and close codes', async () => {
    const { server, closes } = echoServer();
    await using tunnel = await aTunnel({ service: server });
    const socket = new WebSocket(tunnel.url, ['first', 'second']);
    await once(socket, 'open');
    expect(socket.protocol).toBe('second');

    socket.send('Grüße');
    const [text] = await once(socket, 'message');
    expect(String(text)).toBe('Grüße');

    const large = Buffer.alloc(5_000_000, 'pizza');
    socket.send(large);
    const [binary] = (await once(socket, 'message')) as [Buffer];
    expect(binary.equals(large)).toBe(true);

    socket.ping('are you there');
    const [pong] = await once(socket, 'pong');
    expect(String(pong)).toBe('are you there');

    socket.close(4321, 'that was all');
    const [code] = await once(socket, 'close');
    expect(code).toBe(4321);
    expect(closes).toEqual([[4321, 'that was all']]);
    await expect.poll(() => tunnel.gate.ends).toEqual(['complete']);
  });
});
