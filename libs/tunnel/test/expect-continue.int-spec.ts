import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { aHop } from './fixture/a-hop.js';
import { aTunnel } from './fixture/a-tunnel.js';
import { rawService } from './fixture/raw-service.js';

const headers = { expect: '100-continue', 'content-length': '5' };

describe('100-continue', () => {
  it('is the service’s to say', async () => {
    const asked = Promise.withResolvers<() => void>();
    const service = createServer().on('checkContinue', (received, response) => {
      asked.resolve(() => response.writeContinue());
      void text(received).then((body) => response.end(`got ${body}`));
    });
    await using tunnel = await aTunnel({ service });
    const upload = request(tunnel.url, { method: 'POST', headers });
    let mayGoOn = false;
    upload.once('continue', () => {
      mayGoOn = true;
      upload.end('hello');
    });
    upload.flushHeaders();
    const goOn = await asked.promise;
    expect(mayGoOn).toBe(false);
    goOn();
    const [answer] = await once(upload, 'response');
    expect(await text(answer)).toBe('got hello');
    expect(mayGoOn).toBe(true);
  });

  it('is not said where the service refuses', async () => {
    const service = createServer().on('checkContinue', (_received, response) => response.writeHead(417).end('no'));
    await using tunnel = await aTunnel({ service });
    const upload = request(tunnel.url, { method: 'POST', headers });
    upload.once('continue', () => expect.unreachable('nobody said so'));
    upload.flushHeaders();
    const [answer] = await once(upload, 'response');
    expect([answer.statusCode, await text(answer)]).toEqual([417, 'no']);
    upload.destroy();
  });

  it('is said once, however often the service does', async () => {
    const again = 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(10_000);
    await using hop = await aHop(rawService(`${again}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine`));
    for (const { port } of [hop.far.gate, hop.gate]) {
      const socket = connect(port, '127.0.0.1');
      socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      const answer = await text(socket);
      expect(answer.split('100 Continue')).toHaveLength(2);
      expect(answer.endsWith('fine')).toBe(true);
    }
  });
});
