import { createServer } from 'node:http';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { toLoopback, type TunnelTarget } from '../src/index.js';
import { aTunnel } from './fixture/a-tunnel.js';
import { ask } from './fixture/ask.js';
import { listen, stop } from './fixture/listen.js';

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((address) => address?.address === '::1');

describe('a service', () => {
  it('is asked at its own address: Host, Origin and Referer', async () => {
    await using tunnel = await aTunnel({
      service: ({ headers: { host, origin, referer } }, response) =>
        response.end(JSON.stringify({ host, origin, referer })),
      gate: { exchange: () => ({ publicOrigin: 'https://abc.tunnels.example' }) },
    });
    const own = `http://localhost:${tunnel.port}`;
    const said = async (headers: Record<string, string>): Promise<unknown> =>
      JSON.parse((await ask(tunnel.url, { headers })).body.toString());
    expect(await said({ origin: 'https://abc.tunnels.example', referer: 'https://abc.tunnels.example/a?b' })).toEqual({
      host: `localhost:${tunnel.port}`,
      origin: own,
      referer: `${own}/a?b`,
    });
    // Names that only begin alike, and others, stay what they are.
    const others = { origin: 'https://abc.tunnels.example.evil', referer: 'https://abc.tunnels.example.evil/' };
    expect(await said(others)).toMatchObject(others);
  });

  it('that redirects to its own address leads to the same path here', async () => {
    await using tunnel = await aTunnel({
      service: ({ url, socket }, response) => {
        const location = url === '/own' ? `http://localhost:${socket.localPort}/next?a=b` : 'http://localhost:1/other';
        response.writeHead(302, { location }).end();
      },
    });
    expect((await ask(`${tunnel.url}/own`)).headers.location).toBe('/next?a=b');
    expect((await ask(`${tunnel.url}/other`)).headers.location).toBe('http://localhost:1/other');
  });

  it('is named, not only numbered: its port is the answering end’s to know', async () => {
    const service = createServer((_request, response) => response.end('the panel'));
    const port = await listen(service);
    const asked: TunnelTarget[] = [];
    const handler = toLoopback({ portOf: (target) => (asked.push(target), Promise.resolve(port)) });
    const target = { kind: 'service', serviceId: 'Ärger/with a name' } as const;
    await using tunnel = await aTunnel({
      service: null,
      gate: { exchange: () => ({ destination: { runnerId: 'r', target } }) },
      runner: { handler },
    });
    expect((await ask(tunnel.url)).body.toString()).toBe('the panel');
    expect(asked).toEqual([target]);
    await stop(service);
  });

  it.runIf(hasIpv6)('that listens on ::1 only is found', async () => {
    const service = createServer((_request, response) => response.end('six'));
    await listen(service, 0, '::1');
    await using tunnel = await aTunnel({ service });
    expect((await ask(tunnel.url)).body.toString()).toBe('six');
  });
});

describe('a connection to a service that was closed while it rested', () => {
  it('fails nobody', async () => {
    let asked = 0;
    // Announces no time after which it closes, and closes at once.
    const service = createServer((request, response) => {
      asked++;
      request.socket.once('data', () => request.socket.destroy());
      response.end('fine');
    });
    await using tunnel = await aTunnel({ service });
    expect((await ask(tunnel.url)).body.toString()).toBe('fine');
    // This one comes by the same connection, which closes in its face.
    expect((await ask(tunnel.url)).body.toString()).toBe('fine');
    expect(asked).toBe(2);
  });
});
