import { createServer, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { toLoopback, TunnelError } from '../src/index.js';
import { aTunnel } from './fixture/a-tunnel.js';
import { ask } from './fixture/ask.js';

const FINE = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine';

/** Sends these bytes to its first caller and closes; is fine to all others. */
function brokenOnce(bytes: string): Server {
  let isBroken = true;
  return createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(isBroken ? bytes : FINE, () => (isBroken = false)));
  });
}

describe('a service', () => {
  it.each([
    ['speaks no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['answers a status that is none', 'HTTP/1.1 nine fine\r\n\r\n'],
    ['answers a status beyond all', 'HTTP/1.1 999 What\r\n\r\n'],
    ['answers headers without names', 'HTTP/1.1 200 OK\r\nno colon here\r\n\r\n'],
    ['closes without a word', ''],
    ['closes within its head', 'HTTP/1.1 200 OK\r\nContent-'],
    ['answers two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  ])('that %s is an error by name, and the next request passes', async (_what, bytes) => {
    await using tunnel = await aTunnel({ service: brokenOnce(bytes) });
    const { status, body } = await ask(tunnel.url);
    expect([status, body.toString()]).toEqual([502, 'garbage']);
    expect((await ask(tunnel.url)).body.toString()).toBe('fine');
    expect(tunnel.gate.connections.length).toBe(1);
  });

  it.each([
    ['less than it announced', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'],
    ['no last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
    ['chunks that are none', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nxyz\r\n'],
  ])('that sends %s breaks its client’s answer off, and the next request passes', async (_what, bytes) => {
    await using tunnel = await aTunnel({ service: brokenOnce(bytes) });
    // It may break off before the head has left.
    await expect(ask(tunnel.url)).rejects.toThrow(/aborted|socket hang up/);
    await expect.poll(() => tunnel.gate.ends).toEqual(['cut']);
    expect((await ask(tunnel.url)).body.toString()).toBe('fine');
    expect(tunnel.gate.connections.length).toBe(1);
  });

  it('that does not listen is refused by name', async () => {
    await using tunnel = await aTunnel({ service: null });
    expect((await ask(tunnel.url)).body.toString()).toBe('refused');
  });

  it('that may not be reached is denied by name, with the reason', async () => {
    const handler = toLoopback({
      portOf: async () => Promise.reject(new TunnelError('denied', 'Port 22 is not exposed.')),
    });
    await using tunnel = await aTunnel({ service: null, runner: { handler } });
    expect((await ask(tunnel.url)).body.toString()).toBe('denied');
    const destination = { runnerId: 'runner-1', target: { kind: 'port', port: 22 } } as const;
    const call = tunnel.gate.connection?.call({ destination, path: '/', maxBytes: 1 });
    await expect(call).rejects.toMatchObject({ code: 'denied', message: 'Port 22 is not exposed.' });
  });
});
