import { once } from 'node:events';
import { createServer, request, type RequestListener } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { AnsweringEnd, TunnelSocket } from '../src/index.js';
import { aHop, type Hop } from './fixture/a-hop.js';
import { ask, begin, isWhole } from './fixture/ask.js';
import { endless } from './fixture/endless.js';

/** Says when it was asked, and when what it was asked is over for it. */
function noting(handle: RequestListener) {
  const asked = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const service: RequestListener = (incoming, outgoing) => {
    outgoing.once('close', () => closed.resolve());
    asked.resolve();
    handle(incoming, outgoing);
  };
  return { service, asked: asked.promise, closed: closed.promise };
}

const half: RequestListener = (_request, response) =>
  void response.writeHead(200, { 'content-length': '1000' }).write('half');

describe.each([
  ['from the runner to its replica', (hop: Hop) => hop.far.wire.cut()],
  ['between the replicas', (hop: Hop) => hop.wire.cut()],
])('a connection that is cut %s', (_, cut) => {
  it('before the answer is an error by name', async () => {
    const { service, asked, closed } = noting(() => undefined);
    await using hop = await aHop(service);
    const answer = ask(hop.url);
    await asked;
    cut(hop);
    expect(await answer).toMatchObject({ status: 502, body: Buffer.from('interrupted') });
    expect(hop.gate.ends).toEqual(['interrupted']);
    await closed;
  });

  it.each([
    ['of unknown length', endless],
    ['of known length', half],
  ])('in the middle of an answer %s is an error, not its end', async (_length, handle) => {
    const { service, closed } = noting(handle);
    await using hop = await aHop(service);
    const answer = await begin(hop.url);
    await once(answer, 'data');
    cut(hop);
    expect(await isWhole(answer)).toBe(false);
    expect(hop.gate.ends).toEqual(['cut']);
    // The service is told, and nothing of it is left on the far replica.
    await closed;
    await expect.poll(() => hop.far.gate.connections.map(({ openStreams }) => openStreams).some(Boolean)).toBe(false);
  });

  it('in the middle of an upload is one too, on both sides', async () => {
    const ends = Promise.withResolvers<string>();
    const { service, asked } = noting((incoming) => {
      incoming.on('data', () => undefined);
      incoming.on('aborted', () => ends.resolve('aborted'));
      incoming.on('end', () => ends.resolve('taken for whole'));
    });
    await using hop = await aHop(service);
    const upload = request(hop.url, { method: 'POST', agent: false });
    const answered = once(upload, 'response');
    upload.write(Buffer.alloc(100_000));
    await asked;
    cut(hop);
    const [answer] = await answered;
    expect(answer.statusCode).toBe(502);
    expect(await ends.promise).toBe('aborted');
    upload.on('error', () => undefined).destroy();
  });

  it('ends WebSockets on both sides', async () => {
    const server = createServer();
    const sockets = new WebSocketServer({ server });
    await using hop = await aHop(server);
    const socket = new WebSocket(hop.url);
    await once(socket, 'open');
    cut(hop);
    expect((await once(socket, 'close'))[0]).toBe(1006);
    await expect.poll(() => sockets.clients.size).toBe(0);
  });
});

it('a service that breaks off its answer is an error beyond the hop too', async () => {
  await using hop = await aHop((_request, response) => {
    response.write('half', () => setImmediate(() => response.destroy()));
  });
  const answer = await begin(hop.url);
  expect(await isWhole(answer)).toBe(false);
  expect(hop.gate.ends).toEqual(['cut']);
});

it('a request on its way to a runner that leaves is told beyond the hop that nobody has seen it', async () => {
  await using hop = await aHop(() => undefined);
  // The runner itself would dial again once another has come, and be asked instead.
  await hop.far.runner.close(0);
  const runner = AnsweringEnd.over(await TunnelSocket.dial(`${hop.far.url}/_tunnel`), () => undefined);
  await expect.poll(() => hop.far.gate.connections.length).toBe(2);
  const [, connection] = hop.far.gate.connections;
  const open = connection?.open.bind(connection);
  if (!connection || !open) throw new Error('The runner is not connected.');
  // It leaves while the request is on its way.
  vi.spyOn(connection, 'open').mockImplementation((...request) => {
    const stream = open(...request);
    void runner.drain(20_000);
    return stream;
  });
  const answer = ask(hop.url);
  expect((await answer).body.toString()).toBe('offline');
});
