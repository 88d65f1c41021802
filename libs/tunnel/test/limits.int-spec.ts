import { describe, expect, it } from 'vitest';
import { Throttle } from '../src/index.js';
import { aTunnel } from './fixture/a-tunnel.js';
import { ask, begin } from './fixture/ask.js';
import { stalling } from './fixture/endless.js';

const MIB = 1024 * 1024;

describe('requests beyond what is allowed at once', () => {
  it('are refused, not queued, and taken again when one has ended', async () => {
    await using tunnel = await aTunnel({
      service: (request, response) => (request.url === '/' ? response.end('fine') : stalling(request, response)),
      gate: { maxStreams: 3 },
    });
    const open = await Promise.all([1, 2, 3].map(() => begin(`${tunnel.url}/stalls`)));
    const { status, body } = await ask(tunnel.url);
    expect([status, body.toString()]).toEqual([503, 'busy']);
    for (const answer of open) answer.destroy();
    await expect.poll(() => tunnel.gate.connection?.openStreams).toBe(0);
    expect((await ask(tunnel.url)).status).toBe(200);
  });

  it('are refused also where the answering end allows fewer', async () => {
    await using tunnel = await aTunnel({
      service: (request, response) => (request.url === '/' ? response.end('fine') : stalling(request, response)),
      runner: { maxStreams: 2 },
    });
    await ask(tunnel.url);
    const open = await Promise.all([1, 2].map(() => begin(`${tunnel.url}/stalls`)));
    expect((await ask(tunnel.url)).body.toString()).toBe('busy');
    for (const answer of open) answer.destroy();
  });
});

it('more requests than by default are taken where both ends allow them, and beyond that they are refused', async () => {
  const ALLOWED = 5_000;
  let taken = 0;
  await using tunnel = await aTunnel({
    service: null,
    gate: { maxStreams: ALLOWED },
    runner: { maxStreams: ALLOWED, handler: () => void taken++ },
  });
  const { connection } = tunnel.gate;
  const head = [':method', 'GET', ':path', '/', ':scheme', 'http', ':authority', 'localhost', 'pizzapi-tunnel-target'];
  const open = () => connection?.open([...head, 'port/1'], { endStream: true, waitForTrailers: false });
  for (let at = 0; at < ALLOWED; at++) open()?.on('error', () => undefined);
  await expect.poll(() => taken).toBe(ALLOWED);
  expect(open).toThrow(expect.objectContaining({ code: 'busy' }));
});

describe('a throttle', () => {
  it('bounds downloads and uploads, all that share it together', async () => {
    const throttle = new Throttle(4 * MIB);
    await using tunnel = await aTunnel({
      service: (request, response) => void request.resume().on('end', () => response.end(Buffer.alloc(2 * MIB))),
      gate: { exchange: () => ({ throttles: [throttle] }) },
    });
    const startedAt = performance.now();
    const upload = { method: 'POST', body: Buffer.alloc(2 * MIB) };
    const answers = await Promise.all([ask(tunnel.url, upload), ask(tunnel.url, upload)]);
    expect(answers.map(({ body }) => body.length)).toEqual([2 * MIB, 2 * MIB]);
    // 8 MiB, of which 4 may pass at once.
    expect(performance.now() - startedAt).toBeGreaterThan(900);
  });
});
