import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { RunnerView, SessionView, TunnelTicket, TunnelView } from '@pizzapi/protocol';
import { RelayApi, ScriptedRunner, TestViewer } from '@pizzapi/testing';
import { DialRefusedError, toLoopback, TunnelDialer, TunnelSocket } from '@pizzapi/tunnel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCluster, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';
import { ask } from '../../../../testing/tunnel-client.js';
import { RelayConfig } from '../../../config/config.js';

let cluster: TestCluster;
let relay: TestRelay;
beforeEach(async () => {
  cluster = await startCluster();
  relay = await cluster.start({ PIZZAPI_REGISTRATION: 'open' });
});
afterEach(() => cluster[Symbol.asyncDispose]());

/** The status of the refusal; null if it was admitted. */
const refusal = async (apiKey: string | null, runnerId: string): Promise<number | null> => {
  const headers = { 'x-api-key': apiKey ?? '', 'x-pizzapi-runner': runnerId };
  try {
    (await TunnelSocket.dial(`${relay.url}/_tunnel`, { headers })).terminate('seen');
    return null;
  } catch (error) {
    if (error instanceof DialRefusedError) return error.status;
    throw error;
  }
};

const enrol = async (runnerId: string): Promise<RelayApi> => {
  const secret = readFileSync(join(relay.app.get(RelayConfig).dataDir, 'enrolment-secret'), 'utf8');
  const { body } = await new RelayApi(relay.url).post<{ apiKey: string }>('/api/runners/enrol', {
    secret,
    runnerId,
    name: 'local',
  });
  return new RelayApi(relay.url, body.apiKey);
};

const register = async (name: string): Promise<RelayApi> => {
  const account = { email: `${name}@example.com`, password: `correct horse ${name}` };
  const { body } = await new RelayApi(relay.url).post<{ apiKey: string }>('/api/register', account);
  return new RelayApi(relay.url, body.apiKey);
};

const panelOf = (port: number) => ({ serviceId: 'builds', label: 'Builds', icon: 'box', port });
const announce = (runner: ScriptedRunner, port: number): Promise<unknown> =>
  runner.socket.timeout(30_000).emitWithAck('service:announce', {
    services: [{ id: 'builds', label: 'Builds', icon: 'box', state: 'running', error: null }],
    panels: [panelOf(port)],
    triggerDefs: [],
    sigilDefs: [],
  });

describe("a runner's first connection", () => {
  it('is known to the tunnel by the time the runner is connected', async () => {
    const ada = await relay.account('ada');
    const runners = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const runner = await ScriptedRunner.connect(ada);
        return { runner, refused: await refusal(ada.apiKey, runner.runnerId) };
      }),
    );
    expect(runners.map(({ refused }) => refused)).toEqual(runners.map(() => null));
    for (const { runner } of runners) runner.stop();
    // A runner that the relay does not know has no tunnel.
    expect(await refusal(ada.apiKey, randomUUID())).toBe(404);
  });

  it('admits only the runner itself while it has no owner, and then its owner too', async () => {
    const runnerId = randomUUID();
    const local = await enrol(runnerId);
    expect(await refusal(local.apiKey, runnerId)).toBe(404);
    const runner = await ScriptedRunner.connect(local, 'local', { runnerId });
    expect(await refusal(local.apiKey, runnerId)).toBeNull();
    // The product itself never creates such an account before the first registration.
    const stranger = await relay.account('mallory');
    expect(await refusal(stranger.apiKey, runnerId)).toBe(404);
    expect(await refusal((await enrol(randomUUID())).apiKey, runnerId)).toBe(409);
    runner.stop();
  });

  it('and its announcements from before there was an account belong to the first account, without reconnecting', async () => {
    const runnerId = randomUUID();
    const local = await enrol(runnerId);
    const runner = await ScriptedRunner.connect(local, 'local', { runnerId });
    const service = createServer((_request, response) => response.end('the panel'));
    service.listen(0, '127.0.0.1');
    await once(service, 'listening');
    const address = service.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const opened = Promise.withResolvers<void>();
    const dialer = new TunnelDialer({
      url: `${relay.url}/_tunnel`,
      credentials: async () => ({ 'x-api-key': local.apiKey ?? '', 'x-pizzapi-runner': runnerId }),
      handler: toLoopback({ portOf: () => port }),
      pauses: { nextMs: () => 30, reset: () => undefined },
      onOpen: () => opened.resolve(),
    });
    dialer.open();
    await opened.promise;
    expect(await announce(runner, port)).toEqual({ ok: true });

    const ada = await register('ada');
    const bob = await register('bob');
    const tunnelsOf = async (api: RelayApi): Promise<TunnelView[]> =>
      (await api.get<{ tunnels: TunnelView[] }>('/api/tunnels')).body.tunnels;
    await expect.poll(() => tunnelsOf(ada)).toMatchObject([{ serviceId: 'builds', port }]);
    expect(await tunnelsOf(bob)).toEqual([]);
    expect(await refusal(bob.apiKey, runnerId)).toBe(404);
    const [tunnel] = await tunnelsOf(ada);
    const ticket = await ada.post<TunnelTicket>(`/api/tunnels/${tunnel?.tunnelId}/tickets`, { form: 'path' });
    expect(await ask(relay.url, ticket.body.url)).toMatchObject({ status: 200, body: 'the panel' });
    await dialer.close(0);
    runner.stop();
    service.close();
  });
});

describe('the first service_announce', () => {
  it('contains no panel without an address', async () => {
    const ada = await relay.account('ada');
    const runner = await ScriptedRunner.connect(ada);
    const worker = await runner.startSession();
    const { sessionId } = worker;
    const viewer = new TestViewer(relay.url, ada.apiKey ?? '', sessionId);
    const seen = Promise.withResolvers<unknown>();
    viewer.socket.on('service_announce', ({ panels }) => {
      if (panels.length === 0) return;
      ada.get<{ tunnels: TunnelView[] }>(`/api/sessions/${sessionId}/tunnels`).then(({ body }) => {
        seen.resolve(body.tunnels);
      }, seen.reject);
    });
    await expect.poll(async () => (await ada.get<SessionView>(`/api/sessions/${sessionId}`)).status).toBe(200);
    expect(await announce(runner, 4_100)).toEqual({ ok: true });
    expect(await seen.promise).toMatchObject([{ serviceId: 'builds', port: 4_100 }]);
    // A viewer that attaches later gets the same immediately.
    const late = new TestViewer(relay.url, ada.apiKey ?? '', sessionId);
    await new Promise<void>((resolve) => {
      late.socket.on('service_announce', ({ panels }) => {
        expect(panels).toEqual([panelOf(4_100)]);
        resolve();
      });
    });
    expect((await ada.get<RunnerView>(`/api/runners/${runner.runnerId}`)).body.panels).toEqual([panelOf(4_100)]);
    for (const one of [viewer, late]) one.stop();
    worker.stop();
    runner.stop();
  });
});
