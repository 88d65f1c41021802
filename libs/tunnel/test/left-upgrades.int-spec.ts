import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type ExchangeEnd, headersOf } from '../src/index.js';
import { aTunnel } from './fixture/a-tunnel.js';
import { listen, stop } from './fixture/listen.js';

const UPGRADE =
  'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';
const SWITCHING = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';

describe('a WebSocket whose client has left', () => {
  it('before the service answered is let go', async () => {
    const server = createServer().on('upgrade', () => undefined);
    await using tunnel = await aTunnel({ service: server });
    const client = connect(tunnel.gate.port, '127.0.0.1');
    client.write(UPGRADE);
    await expect.poll(() => tunnel.gate.connection?.openStreams).toBe(1);
    client.destroy();
    await expect.poll(() => tunnel.gate.connection?.openStreams).toBe(0);
  });

  it('in the middle of another answer is let go', async () => {
    const server = createServer((_request, response) => response.write('and so on'));
    await using tunnel = await aTunnel({ service: server });
    const client = connect(tunnel.gate.port, '127.0.0.1');
    client.write(UPGRADE);
    await once(client, 'data');
    client.destroy();
    await expect.poll(() => tunnel.gate.connection?.openStreams).toBe(0);
  });
});

describe('a WebSocket that is asked for once more, because the runner has moved', () => {
  it.each(['before', 'after'])('has all that its client said %s the first attempt failed', async (when) => {
    let attempts = 0;
    const service = createServer().on('upgrade', (_request, socket) => {
      attempts += 1;
      if (attempts > 1) socket.pipe(socket).write(SWITCHING);
    });
    await using tunnel = await aTunnel({ service });
    const door = createServer();
    await using stack = new AsyncDisposableStack();
    const upgraded = once(door, 'upgrade') as Promise<[IncomingMessage, Socket, Buffer]>;
    const client = connect(await listen(door), '127.0.0.1').setEncoding('utf8');
    stack.defer(() => stop(door));
    client.write(UPGRADE);
    const [request, socket, head] = await upgraded;
    const attempt = (): Promise<ExchangeEnd> | undefined =>
      tunnel.gate.connection?.upgrade({
        destination: { runnerId: 'runner-1', target: { kind: 'port', port: 1 } },
        request,
        path: '/',
        headers: headersOf(request),
        socket,
        head,
      });
    const say = async (words: string): Promise<void> => {
      const before = socket.bytesRead;
      client.write(words);
      await expect.poll(() => socket.bytesRead).toBe(before + words.length);
    };
    const failed = expect(attempt()).rejects.toMatchObject({ code: 'interrupted' });
    await expect.poll(() => attempts).toBe(1);
    if (when === 'before') await say('one, two');
    tunnel.gate.connection?.destroy('the runner moves');
    await failed;
    if (when === 'after') await say('one, two');
    await expect.poll(() => tunnel.gate.connection).not.toBeNull();
    const ended = attempt();
    let heard = '';
    client.on('data', (text: string) => (heard += text));
    await expect.poll(() => heard).toContain('\r\n\r\none, two');
    client.end(', three');
    await expect.poll(() => heard).toMatch(/one, two, three$/);
    expect(await ended).toBe('complete');
  });
});
