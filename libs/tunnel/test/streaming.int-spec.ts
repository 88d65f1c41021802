import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { aTunnel } from './fixture/a-tunnel.js';

describe('streaming', () => {
  it('gives each piece on as it comes, both ways at once', async () => {
    await using tunnel = await aTunnel({ service: (asked, answer) => asked.pipe(answer) });
    const upload = request(tunnel.url, { method: 'POST' });
    upload.write('zero');
    const [answer] = (await once(upload, 'response')) as [IncomingMessage];
    expect(String((await once(answer, 'data'))[0])).toBe('zero');
    for (const piece of ['one', 'two', 'three']) {
      upload.write(piece);
      const [echoed] = await once(answer, 'data');
      expect(String(echoed)).toBe(piece);
    }
    upload.end();
    await once(answer, 'end');
    expect(answer.complete).toBe(true);
  });

  it('sends the head of an answer whose body waits', async () => {
    const finish = Promise.withResolvers<void>();
    await using tunnel = await aTunnel({
      service: (_asked, answer) => {
        answer.writeHead(200, { 'content-length': '4' }).flushHeaders();
        void finish.promise.then(() => answer.end('done'));
      },
    });
    const asked = request(tunnel.url).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    finish.resolve();
    expect(String((await once(answer, 'data'))[0])).toBe('done');
  });
});
