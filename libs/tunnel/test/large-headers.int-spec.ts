import { describe, expect, it } from 'vitest';
import { aTunnel } from './fixture/a-tunnel.js';
import { ask } from './fixture/ask.js';

const sixtyKib = 'h'.repeat(60 * 1024);

describe('large headers', () => {
  it('of 60 KB pass both ways', async () => {
    await using tunnel = await aTunnel({
      service: (request, response) => response.writeHead(200, { 'x-large': request.headers['x-large'] }).end(),
    });
    const { headers } = await ask(tunnel.url, { headers: { 'x-large': sixtyKib } });
    expect(headers['x-large']).toBe(sixtyKib);
  });

  it('of many lines pass both ways', async () => {
    const many = Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`x-${at}`, String(at)]));
    await using tunnel = await aTunnel({
      service: (request, response) => {
        const lines = Object.entries(request.headersDistinct).filter(([name]) => name.startsWith('x-'));
        response.writeHead(200, Object.fromEntries(lines.map(([name, values]) => [name, values ?? []])) as never).end();
      },
    });
    const { headers } = await ask(tunnel.url, { headers: many });
    expect(headers).toMatchObject(many);
  });

  it('that are too large for a stream are refused by name, and the next request passes', async () => {
    await using tunnel = await aTunnel({
      service: (request, response) => {
        if (request.url === '/large') response.setHeader('x-large', 'h'.repeat(200_000));
        response.end('fine');
      },
    });
    const asking = await ask(tunnel.url, { headers: { 'x-large': 'h'.repeat(200_000) } });
    expect([asking.status, asking.body.toString()]).toEqual([502, 'malformed']);
    const answer = await ask(`${tunnel.url}/large`);
    expect([answer.status, answer.body.toString()]).toEqual([502, 'garbage']);
    expect((await ask(tunnel.url)).body.toString()).toBe('fine');
  });
});
