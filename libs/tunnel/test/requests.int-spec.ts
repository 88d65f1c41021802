import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { aTunnel } from './fixture/a-tunnel.js';
import { ask } from './fixture/ask.js';

/** Tells what it was asked. */
async function mirror(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url, rawHeaders } = request;
  response.end(JSON.stringify({ method, url, rawHeaders, body: await text(request) }));
}

describe('requests', () => {
  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])(
    'carries %s with its body',
    async (method) => {
      await using tunnel = await aTunnel({ service: (request, response) => void mirror(request, response) });
      const headers = { 'content-length': '5' };
      const { body, status } = await ask(tunnel.url, { method, body: 'hello', headers });
      expect(status).toBe(200);
      expect(JSON.parse(body.toString())).toMatchObject({ method, body: 'hello' });
      expect(tunnel.gate.ends).toEqual(['complete']);
    },
  );

  it('leaves path and query as they are', async () => {
    await using tunnel = await aTunnel({ service: (request, response) => void mirror(request, response) });
    const path = '/a%2Fb/../c//d;e?f=%20&g=%C3%9C&h=+#i';
    const { body } = await ask(tunnel.url, { path });
    expect(JSON.parse(body.toString())).toMatchObject({ url: path });
  });

  it('carries headers in their order, also those that come twice or are not ASCII, and none of a connection', async () => {
    await using tunnel = await aTunnel({ service: (request, response) => void mirror(request, response) });
    const headers = [
      ...['x-twice', '1', 'X-Own', 'ÄÖÜß', 'x-twice', '2', 'connection', 'keep-alive, x-hop', 'x-hop', 'mine'],
      ...['keep-alive', 'timeout=9', 'te', 'trailers', 'host', 'example.com', 'pizzapi-tunnel-target', 'port/22'],
    ];
    const { body } = await ask(tunnel.url, { headers });
    const { rawHeaders } = JSON.parse(body.toString()) as { rawHeaders: string[] };
    expect(rawHeaders).toEqual([
      ...['host', `localhost:${tunnel.port}`, 'connection', 'keep-alive'],
      ...['x-twice', '1', 'x-own', 'ÄÖÜß', 'x-twice', '2'],
    ]);
  });

  it('carries several cookies, repeated headers and what is not ASCII back, and nothing that only the tunnel may say', async () => {
    await using tunnel = await aTunnel({
      service: (_request, response) => {
        response.setHeader('set-cookie', ['a=1; Path=/', 'b=2, c']);
        response.setHeader('content-disposition', 'attachment; filename="Grüße.txt"');
        response.setHeader('pizzapi-tunnel-error', 'denied');
        response.writeHead(200, ['Content-Type', 'text/plain', 'Content-Type', 'text/html']);
        // A head that leaves before its body.
        setTimeout(() => response.end('body'), 50);
      },
    });
    const { status, headers, rawHeaders } = await ask(tunnel.url);
    expect(status).toBe(200);
    expect(headers['set-cookie']).toEqual(['a=1; Path=/', 'b=2, c']);
    expect(headers['content-disposition']).toBe('attachment; filename="Grüße.txt"');
    expect(rawHeaders.join(' ')).not.toContain('pizzapi-tunnel');
  });

  it('keeps the connection to the client, and reuses the one to the service', async () => {
    const ports = new Set<number | undefined>();
    await using tunnel = await aTunnel({
      service: (request, response) => {
        ports.add(request.socket.remotePort);
        response.end();
      },
    });
    for (let at = 0; at < 5; at++) await ask(tunnel.url);
    expect(ports.size).toBe(1);
  });
});
