import { createServer, type Server } from 'node:http';
import { MAX_TUNNEL_STREAMS } from '@pizzapi/protocol';
import type { AskingEnd, TunnelTarget } from '@pizzapi/tunnel';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { API_KEY } from '../testing/fake-api.js';
import { FakeRelay } from '../testing/fake-relay.js';
import { buildRunner, TestRunner } from '../testing/test-runner.js';

// Real processes: on a busy machine one start takes many seconds.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

describe("the runner's end of the tunnel", () => {
  let relay: FakeRelay;
  let runner: TestRunner;
  let service: Server;

  beforeAll(() => buildRunner());
  beforeEach(async () => {
    relay = new FakeRelay();
    await relay.start();
    runner = new TestRunner({ PIZZAPI_RELAY_URL: relay.url, PIZZAPI_API_KEY: API_KEY });
    service = createServer((request, response) => response.end(`${request.headers.host} ${request.url}`));
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await runner.dispose();
    await relay.stop();
    service.close();
  });

  async function tunnel(): Promise<AskingEnd> {
    await relay.until('the tunnel is open', () => relay.tunnel?.isOpen === true);
    if (!relay.tunnel) throw new Error('no tunnel');
    return relay.tunnel;
  }
  const ask = async (target: TunnelTarget, path = '/'): Promise<string> => {
    const destination = { runnerId: String(relay.tunnelHeaders['x-pizzapi-runner']), target };
    const { body } = await (
      await tunnel()
    ).call({ destination, path, maxBytes: 1_000, signal: AbortSignal.timeout(30_000) });
    return body.toString();
  };
  const portOf = (server: Server): number => {
    const address = server.address();
    if (!address || typeof address === 'string') throw new Error('not listening');
    return address.port;
  };

  it('says whose it is, reaches a port of the machine, and comes back after the relay was away', async () => {
    runner.start();
    const port = portOf(service);
    expect(await ask({ kind: 'port', port }, '/a?b=c')).toBe(`localhost:${port} /a?b=c`);
    expect((await tunnel()).maxStreams).toBe(MAX_TUNNEL_STREAMS);
    await relay.until('the runner is there', () => relay.hellos.length > 0);
    expect(relay.tunnelHeaders).toMatchObject({ 'x-api-key': API_KEY, 'x-pizzapi-runner': relay.hellos[0]?.runnerId });
    await relay.stop();
    await relay.start();
    expect(await ask({ kind: 'port', port })).toBe(`localhost:${port} /`);
  });

  it("does not lead to the relay's own port, nor to a service that shows no panel", async () => {
    runner.start();
    const relayPort = Number(new URL(relay.url).port);
    await expect(ask({ kind: 'port', port: relayPort })).rejects.toMatchObject({ code: 'denied' });
    await expect(ask({ kind: 'service', serviceId: 'nobody' })).rejects.toMatchObject({ code: 'refused' });
    await relay.until('the runner is there', () => relay.runner !== undefined);
    const check = (port: number): unknown => relay.runner?.timeout(30_000).emitWithAck('runner:check-port', { port });
    expect(await check(relayPort)).toMatchObject({ ok: false, problem: { code: 'port_refused' } });
    expect(await check(portOf(service))).toEqual({ ok: true });
  });

  it('ends with the runner', async () => {
    runner.start();
    const open = await tunnel();
    await runner.stop();
    await expect(open.closed).resolves.toBeTypeOf('string');
    expect(relay.tunnel).toBeUndefined();
  });
});
