import { describe, expect, it } from 'vitest';
import { aTunnel } from './fixture/a-tunnel.js';
import { ask, begin } from './fixture/ask.js';
import { endless } from './fixture/endless.js';

describe('a neighbour of a greedy download', () => {
  it('is answered while it goes on', async () => {
    await using tunnel = await aTunnel({
      service: (request, response) => (request.url === '/' ? response.end('fine') : endless(request, response)),
    });
    let taken = 0;
    const greedy = await begin(`${tunnel.url}/endless`);
    greedy.on('data', (chunk: Buffer) => (taken += chunk.length));
    for (let at = 0; at < 20; at++) expect((await ask(tunnel.url)).body.toString()).toBe('fine');
    const before = taken;
    await expect.poll(() => taken).toBeGreaterThan(before);
    greedy.destroy();
  });
});
