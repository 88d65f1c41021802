import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { aHop } from './fixture/a-hop.js';
import { answerTo, ask, begin } from './fixture/ask.js';
import { endless } from './fixture/endless.js';

describe('a hop between two replicas', () => {
  it('carries requests and answers with bodies, trailers and repeated headers', async () => {
    await using hop = await aHop((asked, answer) => {
      void text(asked).then((body) => {
        answer.setHeader('set-cookie', ['a=1', 'b=2']);
        answer.writeHead(201, { trailer: 'x-sum', 'x-name': 'Grüße' });
        answer.write(`${asked.method} ${asked.url} ${asked.headers.host} ${body} ${asked.trailers['x-note']}`);
        answer.addTrailers({ 'x-sum': '42' });
        answer.end();
      });
    });
    const upload = request(`${hop.url}/a?b`, { method: 'POST', headers: { trailer: 'x-note' } });
    upload.write('hello');
    upload.addTrailers({ 'x-note': 'noted' });
    upload.end();
    const answer = await answerTo(upload);
    expect(answer.statusCode).toBe(201);
    expect(answer.headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], 'x-name': 'Grüße' });
    expect(await text(answer)).toBe(`POST /a?b localhost:${hop.far.port} hello noted`);
    expect(answer.trailers).toEqual({ 'x-sum': '42' });
  });

  it('carries HEAD and 100-continue', async () => {
    const service = createServer((_request, response) => response.writeHead(200, { 'content-length': '7' }).end());
    service.on('checkContinue', (asked, answer) => {
      answer.writeContinue();
      void text(asked).then((body) => answer.end(body));
    });
    await using hop = await aHop(service);
    expect((await ask(hop.url, { method: 'HEAD' })).headers['content-length']).toBe('7');
    const upload = request(hop.url, { method: 'POST', headers: { expect: '100-continue', 'content-length': '5' } });
    upload.once('continue', () => upload.end('hello'));
    upload.flushHeaders();
    expect(await text(await answerTo(upload))).toBe('hello');
  });

  it('carries WebSockets', async () => {
    const server = createServer();
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) =>
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })),
    );
    await using hop = await aHop(server);
    const socket = new WebSocket(hop.url);
    await once(socket, 'open');
    const large = Buffer.alloc(1_000_000, 'pizza');
    socket.send(large);
    expect(((await once(socket, 'message')) as [Buffer])[0].equals(large)).toBe(true);
    socket.close(4000, 'done');
    expect((await once(socket, 'close'))[0]).toBe(4000);
    await expect.poll(() => hop.far.gate.connection?.openStreams).toBe(0);
  });

  it('passes a cancellation on to the service', async () => {
    const closed = Promise.withResolvers<void>();
    await using hop = await aHop((asked, answer) => {
      answer.once('close', () => closed.resolve());
      endless(asked, answer);
    });
    const answer = await begin(hop.url);
    await once(answer, 'data');
    answer.destroy();
    await closed.promise;
    await expect.poll(() => hop.far.gate.connection?.openStreams).toBe(0);
  });

  it('passes errors on by name, and has its own', async () => {
    await using hop = await aHop(createServer((asked) => asked.socket.destroy()));
    expect((await ask(hop.url)).body.toString()).toBe('garbage');
    await hop.far.runner.close(0);
    expect((await ask(hop.url)).body.toString()).toBe('offline');
  });
});
