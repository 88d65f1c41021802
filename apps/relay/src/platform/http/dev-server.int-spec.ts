import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startCluster, type TestCluster, type TestRelay } from '../../../testing/relay-fixture.js';

type Proxies = Record<string, { target: string; ws?: boolean; headers: Record<string, string> }>;

const settings = readFileSync(new URL('../../../../web/proxy.conf.json', import.meta.url), 'utf8');

let cluster: TestCluster;
let relay: TestRelay;
let devServer: ViteDevServer;
let origin: string;

/** `ng serve` is Vite's server with the proxies of this file. */
beforeAll(async () => {
  cluster = await startCluster();
  // Takes itself for the one that the file leads to, and listens elsewhere.
  relay = await cluster.start({ PIZZAPI_PORT: '7492' });
  const proxy: Proxies = JSON.parse(
    settings.replaceAll('"target": "http://127.0.0.1:7492"', `"target": "${relay.url}"`),
  );
  devServer = await createServer({
    configFile: false,
    logLevel: 'silent',
    optimizeDeps: { noDiscovery: true },
    server: { host: '127.0.0.1', port: 0, proxy },
  });
  await devServer.listen();
  origin = devServer.resolvedUrls?.local[0]?.replace(/\/$/, '') ?? '';
});
afterAll(async () => {
  await devServer.close();
  await cluster[Symbol.asyncDispose]();
});

it("lets the console of the development server in, which is of another origin than the relay's", async () => {
  const answer = await fetch(`${origin}/api/auth/login`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'nobody@example.com', password: 'no word of hers' }),
  });
  expect(await answer.json()).toMatchObject({ code: 'wrong_credentials' });
});

it('lets its sockets in', async () => {
  const address = `${origin.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
  const socket = new WebSocket(address, { origin });
  const [first] = await once(socket, 'message');
  socket.terminate();
  expect(String(first)).toMatch(/^0\{"sid"/);
});
