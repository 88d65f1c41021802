import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { aTunnel } from './fixture/a-tunnel.js';

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
});
