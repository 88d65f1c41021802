import { describe, expect, it } from 'vitest';
import { aTunnel } from './fixture/a-tunnel.js';
import { ask } from './fixture/ask.js';

const film = Buffer.from(Array.from({ length: 100_000 }, (_, at) => at % 251));

describe('range requests', () => {
  it('give the part that was asked for, with its place in the whole', async () => {
    await using tunnel = await aTunnel({
      service: (request, response) => {
        const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
        const part = film.subarray(Number(from), Number(to) + 1);
        const headers = { 'content-range': `bytes ${from}-${to}/${film.length}`, 'content-length': part.length };
        response.writeHead(206, { 'accept-ranges': 'bytes', ...headers }).end(part);
      },
    });
    const { status, headers, body } = await ask(tunnel.url, { headers: { range: 'bytes=70000-90000' } });
    expect(status).toBe(206);
    expect(headers).toMatchObject({ 'content-range': 'bytes 70000-90000/100000', 'content-length': '20001' });
    expect(body.equals(film.subarray(70_000, 90_001))).toBe(true);
  });
});
