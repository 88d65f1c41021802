import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { Readable } from 'node:stream';
import { freePort } from '@pizzapi/testing';
import { afterEach, expect, it } from 'vitest';
import { boundedFetch } from './bounded-fetch.js';

const MIB = 1024 * 1024;
let server: Server | null = null;
afterEach(() => server?.close());

async function bodyOf(contentType: string, pieces: string[]): Promise<number> {
  const port = await freePort();
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': contentType });
    Readable.from(pieces).pipe(response);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (await (await boundedFetch(`http://127.0.0.1:${port}/`)).text()).length;
}
const long = 'x'.repeat(MIB);

it('a body is read up to 32 MiB', async () => {
  expect(await bodyOf('application/json', Array<string>(32).fill(long))).toBe(32 * MIB);
  server?.close();
  await expect(bodyOf('application/json', Array<string>(33).fill(long))).rejects.toThrow('more than 32 MiB');
});

it('a stream of events has no end, and its events have', async () => {
  const events = Array.from({ length: 40 }, () => `data: ${long}\n\n`);
  expect(await bodyOf('text/event-stream', events)).toBe(events.join('').length);
  server?.close();
  await expect(bodyOf('text/event-stream', ['data: ', ...Array<string>(33).fill(long)])).rejects.toThrow('32 MiB');
});
