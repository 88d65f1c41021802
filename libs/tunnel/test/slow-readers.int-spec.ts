import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { Throttle } from '../src/index.js';
import { aTunnel } from './fixture/a-tunnel.js';
import { ask, begin } from './fixture/ask.js';

const READERS = 400;
const MIB = 1024 * 1024;
const BUDGET = 32 * MIB;

describe('hundreds of readers that have stopped', () => {
  it('hold no more than the budget of their connection, and nobody up', { timeout: 60_000 }, async () => {
    const body = Buffer.alloc(MIB / 2);
    const asked: string[] = [];
    await using tunnel = await aTunnel({
      service: (request, response) => response.end(request.url === '/' ? 'fine' : body),
      gate: {
        windowBudgetBytes: BUDGET,
        // The first piece passes, and then nothing for hours.
        exchange: ({ url = '' }) => {
          asked.push(url);
          return url === '/' ? {} : { throttles: [new Throttle(1)] };
        },
      },
    });
    // Not all at once: those that come before the other end has heard of smaller windows have larger ones.
    const stopped: IncomingMessage[] = [];
    while (stopped.length < READERS)
      stopped.push(...(await Promise.all(Array.from({ length: READERS / 8 }, () => begin(`${tunnel.url}/large`)))));
    expect((await ask(tunnel.url)).body.toString()).toBe('fine');
    // A client that looks for a server which had this port before would be counted, too.
    expect(asked.filter((url) => url !== '/large')).toEqual(['/']);
    expect(tunnel.gate.connection?.openStreams).toBe(READERS);
    // The windows, and the first pieces. Without a budget it would be all of the 200 MiB.
    expect(tunnel.wire.bytesFromRunner).toBeLessThan(3 * BUDGET);
    for (const answer of stopped) answer.destroy();
    await expect.poll(() => tunnel.gate.connection?.openStreams).toBe(0);
    expect((await ask(tunnel.url)).body.toString()).toBe('fine');
    expect(tunnel.gate.connections.length).toBe(1);
  });
});
