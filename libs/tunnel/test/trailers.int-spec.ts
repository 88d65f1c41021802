import { connect } from 'node:net';
import { createServer, request } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { aHop } from './fixture/a-hop.js';
import { aTunnel } from './fixture/a-tunnel.js';
import { ask } from './fixture/ask.js';
import { rawService } from './fixture/raw-service.js';

describe('trailers', () => {
  it('come with an answer', async () => {
    await using tunnel = await aTunnel({
      service: (_request, response) => {
        response.writeHead(200, { trailer: 'x-sum, x-note' });
        response.write('body');
        response.addTrailers([
          ['x-sum', '42'],
          ['x-note', 'whole'],
        ]);
        response.end();
      },
    });
    const { headers, trailers, body } = await ask(tunnel.url);
    expect(headers.trailer).toBe('x-sum, x-note');
    expect(trailers).toEqual({ 'x-sum': '42', 'x-note': 'whole' });
    expect(body.toString()).toBe('body');
  });

  it('go with a request', async () => {
    await using tunnel = await aTunnel({
      service: (asked, answer) =>
        void text(asked).then((body) => answer.end(JSON.stringify({ body, trailers: asked.trailers }))),
    });
    const upload = request(tunnel.url, { method: 'POST', headers: { trailer: 'x-sum' } });
    upload.write('body');
    upload.addTrailers({ 'x-sum': '42' });
    upload.end();
    const [answer] = await once(upload, 'response');
    expect(JSON.parse(await text(answer))).toEqual({ body: 'body', trailers: { 'x-sum': '42' } });
  });

  it.each(['connection: close', 'keep-alive: timeout=5', 'transfer-encoding: chunked', 'te: gzip'])(
    'of an answer that belong to its connection (%s) stay there, and harm nobody',
    async (line) => {
      const answer = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n${line}\r\nx-sum: 42\r\n\r\n`;
      await using tunnel = await aTunnel({ service: rawService(answer) });
      const { trailers, body } = await ask(tunnel.url);
      expect([body.toString(), trailers]).toEqual(['body', { 'x-sum': '42' }]);
    },
  );

  it('may repeat what a head may say only once', async () => {
    const answer = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nage: 1\r\nage: 2\r\n\r\n';
    await using tunnel = await aTunnel({ service: rawService(answer) });
    expect((await ask(tunnel.url)).body.toString()).toBe('body');
  });

  it('of a request that belong to its connection stay there, and harm nobody', async () => {
    await using tunnel = await aTunnel({
      service: (asked, answer) =>
        void text(asked).then((body) => answer.end(JSON.stringify({ body, trailers: asked.trailers }))),
    });
    const socket = connect(tunnel.gate.port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: here\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n');
    socket.write('4\r\nbody\r\n0\r\nconnection: close\r\nupgrade: h2c\r\nx-sum: 42\r\n\r\n');
    expect(await text(socket)).toContain('{"body":"body","trailers":{"x-sum":"42"}}');
  });

  it('are left out, not fatal, for a client of HTTP/1.0', async () => {
    await using tunnel = await aTunnel({
      service: (_request, response) => {
        response.writeHead(200, { trailer: 'x-sum' });
        response.addTrailers({ 'x-sum': '42' });
        response.end('body');
      },
    });
    const socket = connect(tunnel.gate.port, '127.0.0.1');
    socket.write('GET / HTTP/1.0\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer.endsWith('\r\n\r\nbody')).toBe(true);
  });

  // Each of these once ended the process that was to send it on, or passed by what rewrites heads.
  describe.each([
    '__proto__',
    'constructor',
    'Connection',
    'Host',
    'Keep-Alive',
    'TE',
    'Upgrade',
    'Set-Cookie',
    'Clear-Site-Data',
    'pizzapi-tunnel-error',
  ])('by the name %s', (name) => {
    const chunked = `Transfer-Encoding: chunked\r\n\r\n4\r\nfine\r\n0\r\n${name}: x\r\nx-sum: 42\r\n\r\n`;
    const passes: Record<string, string> = name === 'constructor' ? { constructor: 'x' } : {};

    it('hurt nobody behind an answer, also beyond a hop', async () => {
      await using hop = await aHop(rawService(`HTTP/1.1 200 OK\r\n${chunked}`));
      for (const url of [hop.far.url, hop.url]) {
        const { body, trailers } = await ask(url);
        expect(body.toString()).toBe('fine');
        expect({ ...trailers }).toEqual({ ...passes, 'x-sum': '42' });
      }
    });

    it('hurt nobody behind a request, also beyond a hop', async () => {
      await using hop = await aHop(
        createServer((asked, answer) => void text(asked).then(() => answer.end(JSON.stringify(asked.trailers)))),
      );
      for (const { port } of [hop.far.gate, hop.gate]) {
        const socket = connect(port, '127.0.0.1');
        socket.write(`POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${chunked}`);
        const answer = await text(socket);
        expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toEqual({ ...passes, 'x-sum': '42' });
      }
    });
  });
});
