import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { aTunnel } from './fixture/a-tunnel.js';
import { ask, begin } from './fixture/ask.js';
import { endless } from './fixture/endless.js';

const DOWNLOADS = 4;
const MIB = 1024 * 1024;

describe('a neighbour of greedy downloads', () => {
  it('is answered before each of them has got another MiB, and they go on', async () => {
    await using tunnel = await aTunnel({
      service: (request, response) => (request.url === '/' ? response.end('fine') : endless(request, response)),
    });
    const greedy = await Promise.all(Array.from({ length: DOWNLOADS }, () => begin(`${tunnel.url}/endless`)));
    await Promise.all(greedy.map((answer) => once(answer.resume(), 'data')));
    for (let at = 0; at < 20; at++) {
      const before = tunnel.wire.bytesFromRunner;
      expect((await ask(tunnel.url)).body.toString()).toBe('fine');
      const meanwhile = tunnel.wire.bytesFromRunner - before;
      // A quarter of it each, as a rule: what one look at its connection gives.
      expect(meanwhile).toBeLessThan(DOWNLOADS * MIB);
    }
    await Promise.all(greedy.map((answer) => once(answer, 'data')));
    for (const answer of greedy) answer.on('error', () => undefined).destroy();
  });
});
