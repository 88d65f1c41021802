import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { DialRefusedError, TunnelDialer, TunnelSocket } from '../src/index.js';
import { every } from './fixture/every.js';
import { Gate } from './fixture/gate.js';
import { listen, stop } from './fixture/listen.js';
import { waitUntil } from './fixture/wait-until.js';

const handler = (): void => undefined;
const pauses = every(20);

describe('dialling', () => {
  it('goes on for as long as nobody is there, with fresh credentials each time', async () => {
    const keys: string[] = [];
    const failures: unknown[] = [];
    const server = createServer();
    const port = await listen(server);
    await stop(server);
    const dialer = new TunnelDialer({
      url: `http://127.0.0.1:${port}/_tunnel`,
      credentials: async () => ({ 'x-api-key': `key-${keys.push('asked')}` }),
      handler,
      pauses,
      onFailed: (error) => failures.push(error),
    });
    dialer.open();
    await waitUntil(() => failures.length >= 3, 'three attempts have failed');
    await using gate = await Gate.start({ target: { kind: 'port', port: 1 } }, port);
    await waitUntil(() => dialer.isOpen, 'it is connected');
    expect(keys.length).toBe(failures.length + 1);
    expect(gate.connections.length).toBe(1);
    await dialer.close(0);
  });

  it('does not wait for its time where the other end is known to be there', async () => {
    const failures: unknown[] = [];
    const server = createServer();
    const port = await listen(server);
    await stop(server);
    const dialer = new TunnelDialer({
      url: `http://127.0.0.1:${port}/_tunnel`,
      credentials: async () => ({}),
      handler,
      pauses: every(3_600_000),
      onFailed: (error) => failures.push(error),
    });
    dialer.open();
    await waitUntil(() => failures.length === 1, 'an attempt has failed');
    await using gate = await Gate.start({ target: { kind: 'port', port: 1 } }, port);
    dialer.open();
    await waitUntil(() => dialer.isOpen, 'it is connected');
    dialer.open();
    expect(gate.connections.length).toBe(1);
    await dialer.close(0);
  });

  it('tells what refuses it, and tries again', async () => {
    const failures: unknown[] = [];
    const server = createServer();
    server.on('upgrade', (_request, socket) =>
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 12\r\n\r\n{"code":"x"}'),
    );
    const port = await listen(server);
    const url = `ws://127.0.0.1:${port}`;
    const dialer = new TunnelDialer({
      url,
      credentials: async () => ({}),
      handler,
      pauses,
      onFailed: (error) => failures.push(error),
    });
    dialer.open();
    await waitUntil(() => failures.length >= 2, 'two attempts were refused');
    await dialer.close(0);
    expect(failures[0]).toBeInstanceOf(DialRefusedError);
    expect(failures[0]).toMatchObject({ status: 403, body: '{"code":"x"}' });
    await stop(server);
  });

  it('does not hammer on one that accepts and closes', async () => {
    const server = createServer();
    let accepted = 0;
    server.on('upgrade', (request, socket, head) => {
      accepted++;
      void TunnelSocket.accept(request, socket, head).then((accepted) => accepted.terminate('not now'));
    });
    const port = await listen(server);
    const reasons: string[] = [];
    const url = `ws://127.0.0.1:${port}`;
    const onClosed = (reason: string): number => reasons.push(reason);
    const dialer = new TunnelDialer({
      url,
      credentials: async () => ({}),
      handler,
      pauses: every(200),
      onClosed,
    });
    dialer.open();
    // Each time a stream, and then messages.
    await waitUntil(() => accepted >= 4, 'it has dialled twice');
    expect(accepted).toBe(4);
    expect(reasons[0]).toBe('the connection was cut off');
    await dialer.close(0);
    await stop(server);
  });

  it('waits without credentials, and stops in the middle of anything', async () => {
    let asked = 0;
    const dialer = new TunnelDialer({
      url: 'ws://127.0.0.1:1',
      credentials: () => (asked++, Promise.reject(new Error('no key yet'))),
      handler,
      pauses: every(60_000),
    });
    dialer.open();
    await waitUntil(() => asked === 1, 'it has asked');
    await dialer.close(0);
    expect(asked).toBe(1);
  });
});
