import { Agent } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { bindLeanly } from '../src/index.js';
import { aTunnel } from './fixture/a-tunnel.js';
import { ask } from './fixture/ask.js';

const REQUESTS = 600;
const AT_ONCE = 4;
/** Of both ends, and of the test's own client and service. It was 12,000. */
const BYTES_EACH = 9_000;

bindLeanly();
setFlagsFromString('--expose-gc');
const collect: (options?: { type: 'minor' }) => void = runInNewContext('gc');

it('a request that is over leaves little behind that only a full collection would find', async () => {
  await using tunnel = await aTunnel({ service: (_request, response) => response.end('x'.repeat(1024)) });
  using agent = Object.assign(new Agent({ keepAlive: true }), { [Symbol.dispose]: () => agent.destroy() });
  const requests = async (count: number): Promise<void> => {
    for (let at = 0; at < count; at++) await ask(tunnel.url, { agent });
  };
  const load = async (): Promise<unknown> =>
    Promise.all(Array.from({ length: AT_ONCE }, () => requests(REQUESTS / AT_ONCE)));
  await load();
  // What is there now is old from here on.
  collect();
  collect();
  const before = youngAside();
  await load();
  expect((youngAside() - before) / REQUESTS).toBeLessThan(BYTES_EACH);
});

function youngAside(): number {
  for (let at = 0; at < 3; at++) collect({ type: 'minor' });
  return process.memoryUsage().heapUsed;
}
