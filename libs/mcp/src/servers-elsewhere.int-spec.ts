import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { freePort } from '@pizzapi/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { closeServers, serversOf } from '../testing/servers-fixture.js';
import type { ServerSettings } from './settings/server-settings.js';

afterEach(closeServers);

describe('a server elsewhere', () => {
  it('that is started again, or forgets us, is connected to anew', async () => {
    const port = await freePort();
    const settings: ServerSettings = { type: 'http', url: `http://127.0.0.1:${port}/mcp` };
    const { servers, states, stateOf } = serversOf({ far: settings });
    const call = () => servers.call({ server: 'far', tool: 'one' }, {});
    let server = await startHttpServer(port);
    await servers.start('user');
    expect(await call()).toMatchObject({ content: [{ text: 'session 1' }] });
    server.forget();
    expect(await call()).toMatchObject({ content: [{ text: 'session 2' }] });
    expect(states.map(([far]) => far?.status)).toEqual(['starting', 'connected', 'failed', 'connected']);

    await server.close();
    await expect(call()).rejects.toThrow('fetch failed');
    expect(stateOf('far')).toMatchObject({ status: 'failed', reason: expect.stringContaining('fetch failed') });
    server = await startHttpServer(port);
    expect(await call()).toMatchObject({ content: [{ text: 'session 1' }] });
    expect(stateOf('far')).toMatchObject({ status: 'connected' });
    await server.close();
  });

  it('is not reached where the session may not go, nor where it sends us', async () => {
    const seen: string[] = [];
    const http = createServer((request, response) => {
      seen.push(`${request.method} ${request.headers.authorization ?? ''}`);
      response.writeHead(307, { location: 'http://127.0.0.1:1/elsewhere' }).end();
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const address = http.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/mcp?key=\${SECRET}`;
    const settings: ServerSettings = { type: 'http', url, headers: { authorization: 'Bearer ${SECRET}' } };
    const env = { SECRET: 'very-secret' };
    const confined = serversOf({ far: settings }, () => false, env);
    await confined.servers.start('user');
    expect(confined.stateOf('far')).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('does not allow'),
    });
    expect(seen).toEqual([]);

    const { servers, stateOf } = serversOf({ far: settings }, () => true, env);
    await servers.start('user');
    expect(stateOf('far')).toMatchObject({ status: 'failed' });
    expect(seen).toContain('POST Bearer very-secret');
    expect(JSON.stringify(stateOf('far'))).not.toContain('very-secret');
    http.close();
  });

  it('is left once the session may not go there any more, with the stream on which it speaks', async () => {
    const port = await freePort();
    const server = await startHttpServer(port);
    let isAllowed = true;
    const { servers, stateOf } = serversOf(
      { far: { type: 'http', url: `http://127.0.0.1:${port}/mcp` } },
      () => isAllowed,
    );
    await servers.start('user');
    await expect.poll(() => server.streams()).toBe(1);
    await servers.recheck();
    expect(stateOf('far')).toMatchObject({ status: 'connected' });
    isAllowed = false;
    await servers.recheck();
    expect(stateOf('far')).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('does not allow 127.0.0.1'),
    });
    await expect.poll(() => server.streams()).toBe(0);
    await server.close();
  });

  it('that wants a token says how to give it one', async () => {
    const http = createServer((_request, response) => void response.writeHead(401).end());
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const address = http.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/mcp`;
    const { servers, stateOf } = serversOf({ far: { type: 'http', url } });
    await servers.start('user');
    expect(stateOf('far')).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/\(401\).*OAuth is not done.*environment.*"headers"/),
    });
    http.close();
  });

  it('without its variable is not even asked', async () => {
    const { servers, stateOf } = serversOf({ far: { type: 'http', url: 'http://127.0.0.1:1/${NONE}' } });
    await servers.start('user');
    expect(stateOf('far')).toMatchObject({ status: 'failed', reason: expect.stringContaining('NONE is not set') });
  });
});

/** Knows only clients that said hello to it, as the specification has it. */
async function startHttpServer(port: number) {
  let count = 0;
  let session: string | null = null;
  let streams = 0;
  const results: Record<string, (params: { protocolVersion?: string }) => unknown> = {
    initialize: ({ protocolVersion }) => {
      session = `session ${(count += 1)}`;
      return { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'far', version: '1' } };
    },
    'tools/list': () => ({ tools: [{ name: 'one', inputSchema: { type: 'object' } }] }),
    'tools/call': () => ({ content: [{ type: 'text', text: session }] }),
  };
  const http = createServer((request, response) => {
    void text(request).then((body) => {
      if (request.method === 'GET') {
        streams += 1;
        response.on('close', () => (streams -= 1));
        return response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      }
      if (request.method !== 'POST') return response.writeHead(405).end();
      const { id, method, params } = JSON.parse(body);
      if (method !== 'initialize' && request.headers['mcp-session-id'] !== session)
        return response.writeHead(404).end('Session not found');
      if (id === undefined) return response.writeHead(202).end();
      const result = results[method]?.(params);
      const headers = { 'content-type': 'application/json', 'mcp-session-id': session ?? '' };
      return response.writeHead(200, headers).end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    });
  });
  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  return {
    forget: () => (session = null),
    /** How many of its streams of events are open. */
    streams: () => streams,
    close: async () => {
      http.close();
      http.closeAllConnections();
      await once(http, 'close');
    },
  };
}
