import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { aTunnel } from './fixture/a-tunnel.js';
import { ask } from './fixture/ask.js';

const MIB = 1024 * 1024;

describe('uploads', () => {
  it('in chunks arrive whole, however large', async () => {
    await using tunnel = await aTunnel({
      service: (asked, answer) => {
        const hash = createHash('sha256');
        asked.on('data', (chunk: Buffer) => hash.update(chunk));
        asked.on('end', () => answer.end(JSON.stringify([asked.headers['transfer-encoding'], hash.digest('hex')])));
      },
    });
    const sent = createHash('sha256');
    const pieces = Readable.from(
      (function* () {
        for (let at = 0; at < 100; at++) {
          const piece = Buffer.alloc(MIB, at);
          sent.update(piece);
          yield piece;
        }
      })(),
    );
    const upload = request(tunnel.url, { method: 'PUT' });
    const answered = once(upload, 'response');
    await pipeline(pieces, upload);
    const [answer] = await answered;
    expect(JSON.parse(await text(answer))).toEqual(['chunked', sent.digest('hex')]);
  });

  it('end when the service answers before it has read all', async () => {
    await using tunnel = await aTunnel({
      service: (_asked, answer) => answer.writeHead(413).end('too large'),
    });
    const upload = request(tunnel.url, { method: 'POST', headers: { 'content-length': String(50 * MIB) } });
    upload.on('error', () => undefined);
    upload.write(Buffer.alloc(MIB));
    const [answer] = await once(upload, 'response');
    expect([answer.statusCode, await text(answer)]).toEqual([413, 'too large']);
    upload.destroy();
    await expect.poll(() => tunnel.gate.connection?.openStreams).toBe(0);
  });

  it('that the client breaks off are broken off at the service', async () => {
    const ends = Promise.withResolvers<string>();
    await using tunnel = await aTunnel({
      service: (asked) => {
        asked.on('data', () => undefined);
        asked.on('aborted', () => ends.resolve('aborted'));
        asked.on('end', () => ends.resolve('taken for whole'));
      },
    });
    const upload = request(tunnel.url, { method: 'POST' });
    upload.on('error', () => undefined);
    upload.write(Buffer.alloc(MIB));
    await expect.poll(() => tunnel.gate.connection?.openStreams).toBe(1);
    upload.destroy();
    expect(await ends.promise).toBe('aborted');
    await expect.poll(() => tunnel.gate.ends).toEqual(['client-left']);
  });

  it('of no length and no method for a body keep it', async () => {
    await using tunnel = await aTunnel({ service: (asked, answer) => asked.pipe(answer) });
    const headers = { 'transfer-encoding': 'chunked' };
    const { body } = await ask(tunnel.url, { method: 'DELETE', headers, body: 'why' });
    expect(body.toString()).toBe('why');
  });
});
