import { once } from 'node:events';
import { createServer, request, type RequestListener, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { AnsweringEnd, forward, TunnelSocket } from '../src/index.js';
import { aTunnel, type Tunnel } from './fixture/a-tunnel.js';
import { answerTo, ask, begin, isWhole } from './fixture/ask.js';
import { endless } from './fixture/endless.js';
import { Gate } from './fixture/gate.js';
import { waitUntil } from './fixture/wait-until.js';

interface Hop extends AsyncDisposable {
  /** The replica that has no connection to the runner. */
  gate: Gate;
  url: string;
  /** The one that has. */
  far: Tunnel;
}

/** Two replicas: the far one has the runner, and forwards what the near one asks. */
async function aHop(service: RequestListener | Server): Promise<Hop> {
  await using stack = new AsyncDisposableStack();
  const far = stack.use(await aTunnel({ service }));
  const gate = stack.use(await Gate.start({ target: { kind: 'port', port: far.port } }));
  const socket = await TunnelSocket.dial(`${gate.url}/_tunnel`);
  const connectionOf = (runnerId: string) => (runnerId === 'runner-1' ? far.gate.connection : null);
  const end = AnsweringEnd.over(socket, forward({ connectionOf }));
  stack.defer(() => end.destroy('the test is over'));
  await waitUntil(() => gate.connection !== null, 'the replicas are connected');
  const all = stack.move();
  return { gate, url: gate.url, far, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

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

  it('passes a connection that was cut on as an error, not as the end', async () => {
    await using hop = await aHop(endless);
    const answer = await begin(hop.url);
    await once(answer, 'data');
    hop.far.wire.cut();
    expect(await isWhole(answer)).toBe(false);
    expect(hop.gate.ends).toEqual(['cut']);
  });

  it('passes errors on by name, and has its own', async () => {
    await using hop = await aHop(createServer((asked) => asked.socket.destroy()));
    expect((await ask(hop.url)).body.toString()).toBe('garbage');
    await hop.far.runner.close(0);
    expect((await ask(hop.url)).body.toString()).toBe('offline');
  });
});
