import { once } from 'node:events';
import { createServer as createWebServer, type RequestListener } from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type SocketForm, toLoopback, TunnelDialer, TunnelSocket } from '../src/index.js';
import { every } from './fixture/every.js';
import { aTunnel } from './fixture/a-tunnel.js';
import { ask, begin, isWhole } from './fixture/ask.js';
import { Gate } from './fixture/gate.js';
import { listen, stop } from './fixture/listen.js';
import { Service } from './fixture/service.js';
import { waitUntil } from './fixture/wait-until.js';

const MIB = 1024 * 1024;

/** Sends back what it gets. */
const echo: RequestListener = (request, response) => void request.pipe(response);

/** What stands between a runner and its relay. */
interface Middle extends AsyncDisposable {
  port: number;
}

/** @param carry what becomes of a connection to it; `relay` is its own to the relay */
async function middle(gatePort: number, carry: (runner: Socket, relay: Socket) => void): Promise<Middle> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((runner) => {
    const relay = connect({ port: gatePort, host: '127.0.0.1' });
    for (const [socket, other] of [
      [runner, relay],
      [relay, runner],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy()).once('close', () => (sockets.delete(socket), other.destroy()));
    }
    carry(runner, relay);
  });
  const port = await listen(server);
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await stop(server);
    },
  };
}

/** A runner that dials by what is in the middle, and what its tunnel carries. */
async function dialled(carry: (runner: Socket, relay: Socket) => void, use: (gate: Gate) => Promise<void>) {
  await using service = await Service.start(echo);
  await using gate = await Gate.start({ target: { kind: 'port', port: service.port } });
  await using between = await middle(gate.port, carry);
  const forms: SocketForm[] = [];
  const runner = new TunnelDialer({
    url: `ws://127.0.0.1:${between.port}/_tunnel`,
    credentials: async () => ({}),
    handler: toLoopback({ portOf: () => service.port }),
    pauses: every(100),
    handshakeTimeoutMs: 300,
    onOpen: (form) => forms.push(form),
  });
  runner.open();
  await waitUntil(() => forms.length === 1 && gate.connection !== null, 'the runner has dialled');
  await use(gate);
  await runner.close(0);
  return forms;
}

const carriesAnEcho = async (gate: Gate): Promise<void> => {
  const body = Buffer.alloc(3 * MIB, 'a line of text\n');
  const answer = await ask(gate.url, { method: 'POST', body });
  expect(Buffer.compare(answer.body, body)).toBe(0);
};

describe('the form of a tunnel', () => {
  it('is a stream where nothing is in its way', async () => {
    expect(
      await dialled((runner, relay) => {
        runner.pipe(relay).pipe(runner);
      }, carriesAnEcho),
    ).toEqual(['stream']);
  });

  it('is a WebSocket all along: one message without an end each way, masked by zeros towards the relay', async () => {
    const gate = createWebServer();
    const carriers: Socket[] = [];
    gate.on('upgrade', (request, socket, head) => {
      carriers.push(socket as Socket);
      void TunnelSocket.accept(request, socket, head).catch(() => undefined);
    });
    const port = await listen(gate);
    const relay = connect(port, '127.0.0.1');
    const key = 'dGhlIHNhbXBsZSBub25jZQ==';
    relay.write(
      `GET /_tunnel HTTP/1.1\r\nHost: relay\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\nPizzaPi-Tunnel-Form: stream\r\n\r\n`,
    );
    let answer = Buffer.alloc(0);
    while (answer.indexOf('\r\n\r\n') < 0 || answer.length < answer.indexOf('\r\n\r\n') + 14)
      answer = Buffer.concat([answer, (await once(relay, 'data'))[0] as Buffer]);
    // The key and its answer are those of RFC 6455, 1.3.
    expect(answer.toString('latin1')).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n');
    expect(answer.subarray(-10).toString('hex')).toBe('827f7fffffffffffffff');
    relay.destroy();
    await stop(gate);
  });

  it('is messages where the relay does not know streams', async () => {
    const service = await Service.start(echo);
    const relay = createWebServer();
    const accepted = new WebSocketServer({ server: relay });
    const port = await listen(relay);
    const socket = await TunnelSocket.dial(`ws://127.0.0.1:${port}`);
    expect(socket.form).toBe('messages');
    socket.terminate('the test is over');
    for (const client of accepted.clients) client.terminate();
    await stop(relay);
    await service[Symbol.asyncDispose]();
  });

  it('is messages where something holds back what has no end, and stays so', async () => {
    /** Passes on the handshake and messages that are whole, as far as one frame tells. */
    const holding = (runner: Socket, relay: Socket): void => {
      runner.pipe(relay);
      let isStream = false;
      relay.on('data', (data: Buffer) => {
        const text = data.toString('latin1');
        isStream ||= /pizzapi-tunnel-form: stream/i.test(text);
        runner.write(isStream ? data.subarray(0, text.indexOf('\r\n\r\n') + 4) : data);
      });
    };
    const forms = await dialled(holding, async (gate) => {
      await carriesAnEcho(gate);
    });
    expect(forms).toEqual(['messages']);
  });

  it('is messages where something ends a connection that sends what has no end', async () => {
    const ending = (runner: Socket, relay: Socket): void => {
      relay.pipe(runner);
      runner.on('data', (data: Buffer) => {
        if (data[0] === 0x82 && data[1] === 0xff) runner.destroy();
        else relay.write(data);
      });
    };
    expect(await dialled(ending, carriesAnEcho)).toEqual(['messages']);
  });

  it('is messages for a runner that asks for nothing else, as one of before', async () => {
    await using service = await Service.start(echo);
    await using gate = await Gate.start({ target: { kind: 'port', port: service.port } });
    const runner = new WebSocket(`${gate.url}/_tunnel`);
    const [first] = (await once(runner, 'message')) as [Buffer];
    expect(first.toString('latin1')).toMatch(/^PRI \* HTTP\/2\.0/);
    runner.terminate();
  });
});

it('who asks for a stream and begins none is let go', async () => {
  const gate = createWebServer();
  const failures: unknown[] = [];
  gate.on('upgrade', (request, socket, head) => {
    TunnelSocket.accept(request, socket, head, { handshakeTimeoutMs: 50 }).catch((error: unknown) =>
      failures.push(error),
    );
  });
  const port = await listen(gate);
  const relay = connect(port, '127.0.0.1').resume();
  relay.write(
    'GET / HTTP/1.1\r\nHost: relay\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nPizzaPi-Tunnel-Form: stream\r\n\r\n',
  );
  await once(relay, 'close');
  await waitUntil(() => failures.length > 0, 'the other end has heard of it');
  expect(failures).toMatchObject([{ message: expect.stringContaining('ended before') }]);
  await stop(gate);
});

it('an answer that a stream cuts off is none', async () => {
  await using tunnel = await aTunnel({
    service: (_request, response) => void response.writeHead(200, { 'content-length': 9 }).write('half'),
  });
  const answer = await begin(tunnel.url);
  tunnel.wire.cut();
  expect(await isWhole(answer)).toBe(false);
});
