import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { aTunnel } from './fixture/a-tunnel.js';

const UPGRADE =
  'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';

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
