import { connect } from 'node:net';
import { request } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { aTunnel } from './fixture/a-tunnel.js';
import { ask } from './fixture/ask.js';

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
});
