import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RelayApi, type RelayProcess, RunnerProcess, waitFor } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { expose, startSession } from './console/tunnels.js';
import { daemonPid } from './scenarios/runner-pids.js';
import { type Topology, twoRelays } from './topologies/topology.js';
import { beginStream, StreamingService } from './tunnels/streams.js';

/** Longer than the test needs, so that what ends a stream is its end. */
const DRAIN = '30s';

/** Two relays, the runner connected to one of them, and what is killed while something goes through a tunnel. */
describe('a tunnel', () => {
  let product: Topology;
  let runner: RunnerProcess;
  let key: Record<string, string>;
  /** Of the service, below either relay. */
  let path: string;
  /** The relay that the runner is connected to, and the other one. */
  let near: RelayProcess;
  let far: RelayProcess;
  const service = new StreamingService();
  const server = createServer(service.listener);
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    product = await twoRelays({ PIZZAPI_TUNNEL_DRAIN: DRAIN });
    [near, far] = bothOf(product);
    const code = join(product.home, 'code');
    await mkdir(code);
    const owner = await new RelayApi(product.url).register('ada@example.com');
    key = { 'x-api-key': owner.apiKey ?? '' };
    // As long as the balancer knows only one relay, that is the one which the runner finds.
    product.relays.splice(1);
    runner = await RunnerProcess.start({
      home: product.home,
      relayUrl: product.url,
      roots: [code],
      apiKey: owner.apiKey ?? '',
    });
    const sessionId = await startSession(owner, runner.runnerId);
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The service has no port.');
    await expose(owner, sessionId, address.port, 'Service');
    path = `/api/tunnel/${sessionId}/${address.port}`;
  });
  afterAll(async () => {
    await runner.stop();
    await product.stop();
    server.closeAllConnections();
    server.close();
  });

  const ask = async (base: string): Promise<{ status: number; body: string }> => {
    const answer = await fetch(`${base}${path}/`, { headers: key });
    return { status: answer.status, body: await answer.text() };
  };
  const untilAnswered = (relay: RelayProcess): Promise<boolean> =>
    waitFor(async () => (await ask(relay.url)).status === 200, { description: 'the runner is back' });
  const begin = (relay: RelayProcess, rest: string) => beginStream(`${relay.url}${path}${rest}`, key);

  it('leads to the runner from both relays: requests, event streams and WebSockets', async () => {
    for (const relay of [near, far]) {
      expect(await ask(relay.url)).toEqual({ status: 200, body: 'hello' });
      const socket = new WebSocket(`ws://localhost:${relay.port}${path}/`, { headers: key });
      await once(socket, 'open');
      socket.send('ping');
      expect(String((await once(socket, 'message'))[0])).toBe('ping');
      socket.close(4000, 'done');
      expect((await once(socket, 'close'))[0]).toBe(4000);
    }
  });

  it('breaks off what the runner was in the middle of when it was killed, and never takes it for whole', async () => {
    const streams = await Promise.all([
      ...['/endless', '/large'].flatMap((rest) => [begin(near, rest), begin(far, rest)]),
    ]);
    process.kill(daemonPid(runner), 'SIGKILL');
    for (const { status, isWhole } of streams) expect([status, await isWhole]).toEqual([200, false]);
    await untilAnswered(near);
  });

  it('breaks off what goes through a relay that is killed, and goes on through the other one', async () => {
    const socket = new WebSocket(`ws://localhost:${far.port}${path}/`, { headers: key });
    await once(socket, 'open');
    const streams = await Promise.all([begin(far, '/endless'), begin(far, '/large')]);
    const closed = once(socket, 'close');
    product.relays.splice(0, 1, far);
    await near.kill('SIGKILL');
    for (const { status, isWhole } of streams) expect([status, await isWhole]).toEqual([200, false]);
    expect((await closed)[0]).toBe(1006);
    // Until the runner has found the other relay it is a matter of waiting, and named.
    for (let answer = await ask(far.url); answer.status !== 200; answer = await ask(far.url)) {
      expect(answer).toMatchObject({ status: 503, body: expect.stringContaining('"code":"tunnel_offline"') });
    }
    await near.start();
    [near, far] = [far, near];
    expect(await ask(far.url)).toEqual({ status: 200, body: 'hello' });
  });

  it('lets event streams finish when a relay stops, while the runner is on the other one already and nobody waits', async () => {
    product.relays.splice(0, 1, near, far);
    const streams = await Promise.all([begin(near, '/events'), begin(far, '/events')]);
    let isStopping = true;
    const answers: { status: number; body: string }[] = [];
    const asking = (async () => {
      // As a proxy does: a connection that ends before the answer begins is another relay's turn.
      const again = () => ask(product.url);
      while (isStopping) answers.push(await again().catch(again).catch(again));
    })();
    asking.catch(() => undefined); // told below, where it is waited for
    const stopped = near.stop();
    await waitFor(async () => (await ask(far.url)).status === 200, { description: 'the runner is on the other relay' });
    await waitFor(() => answers.length > 50, { description: 'requests went on' });
    expect(streams.map(({ text }) => text())).toEqual(['data: begin\n\n', 'data: begin\n\n']);
    service.finish();
    for (const { text, isWhole } of streams) {
      expect(await isWhole).toBe(true);
      expect(text()).toBe('data: begin\n\ndata: end\n\n');
    }
    // Long before the time is over.
    await stopped;
    isStopping = false;
    await asking;
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  });
});

function bothOf({ relays: [one, two] }: Topology): [RelayProcess, RelayProcess] {
  if (!one || !two) throw new Error('There are not two relays.');
  return [one, two];
}
