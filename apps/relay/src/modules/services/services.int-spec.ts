import type { RunnerView, ServiceInfo, ServiceLogLine } from '@pizzapi/protocol';
import { RelayApi, ScriptedRunner } from '@pizzapi/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster } from '../../../testing/relay-fixture.js';

const info: ServiceInfo = {
  id: 'orders',
  label: 'Orders',
  icon: 'box',
  state: 'running',
  error: null,
  plugin: 'shop',
  hasPanel: true,
  since: '2026-11-20T10:00:00.000Z',
  restarts: 2,
};
const unknown = { ok: false, problem: { code: 'service_unknown', detail: 'There is no service "x".' } } as const;

describe('services over REST, on two replicas', () => {
  let cluster: TestCluster;
  let ada: TestAccount;
  let bob: TestAccount;
  /** Ada's API on the replica that does not have the daemon's socket. */
  let afar: RelayApi;
  let daemon: ScriptedRunner;
  let path: string;

  beforeAll(async () => {
    cluster = await startCluster('postgres');
    const [one, two] = [await cluster.start(), await cluster.start()];
    ada = await one.account('ada');
    bob = await two.account('bob');
    afar = new RelayApi(two.url, ada.apiKey);
  });
  afterAll(() => cluster[Symbol.asyncDispose]());
  beforeEach(async () => {
    daemon = await ScriptedRunner.connect(ada);
    path = `/api/runners/${daemon.runnerId}/services`;
    const announcement = { services: [info], panels: [], triggerDefs: [], sigilDefs: [] };
    expect(await daemon.socket.timeout(30_000).emitWithAck('service:announce', announcement)).toEqual({ ok: true });
    await expect.poll(async () => (await afar.get(path)).body).toEqual({ services: [info] });
  });
  afterEach(() => daemon.stop());

  it('are listed as the runner announces them, and as stopped while it is offline', async () => {
    const view = async (): Promise<RunnerView> => (await afar.get<RunnerView>(`/api/runners/${daemon.runnerId}`)).body;
    const before = await view();
    expect(before.services).toEqual([info]);
    daemon.stop();
    // It is offline a moment before `lastSeenAt` is stored.
    await expect
      .poll(async () => {
        const { online, lastSeenAt } = await view();
        return !online && lastSeenAt !== before.lastSeenAt;
      })
      .toBe(true);
    const { services, lastSeenAt } = await view();
    expect(services).toEqual([{ ...info, state: 'stopped', since: lastSeenAt }]);
    expect((await ada.get(path)).body).toEqual({ services });
  });

  it('can be commanded from either replica', async () => {
    const commands: unknown[] = [];
    daemon.socket.on('runner:command-service', (message, answer) => {
      commands.push(message);
      answer(message.serviceId === 'orders' ? { ok: true } : unknown);
    });
    for (const [api, command] of [
      [ada, 'disable'],
      [afar, 'enable'],
      [afar, 'restart'],
    ] as const)
      expect(await api.post(`${path}/orders/${command}`)).toMatchObject({ status: 202, body: { ok: true } });
    expect(commands).toEqual(['disable', 'enable', 'restart'].map((command) => ({ serviceId: 'orders', command })));
    expect(await afar.post(`${path}/x/restart`)).toMatchObject({ status: 404, body: { code: 'service_unknown' } });
    expect(await ada.post(`${path}/orders/explode`)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('show the end of their log, up to the limit', async () => {
    const lines: ServiceLogLine[] = [{ ts: '2026-11-20T10:00:00.000Z', stream: 'stderr', text: 'Error: no' }];
    const limits: number[] = [];
    daemon.socket.on('runner:read-service-log', ({ serviceId, limit }, answer) => {
      limits.push(limit);
      answer(serviceId === 'orders' ? { ok: true, lines, isTruncated: true } : unknown);
    });
    for (const query of ['', '?limit=7', '?limit=99999999'])
      expect(await afar.get(`${path}/orders/logs${query}`)).toMatchObject({
        status: 200,
        body: { lines, isTruncated: true },
      });
    expect(limits).toEqual([500, 7, 5_000]);
    expect(await ada.get(`${path}/x/logs`)).toMatchObject({ status: 404, body: { code: 'service_unknown' } });
    expect(await ada.get(`${path}/orders/logs?limit=0`)).toMatchObject({ status: 400 });
  });

  it('are inaccessible to other users, and say when their runner is offline', async () => {
    const calls = (api: RelayApi) => [api.post(`${path}/orders/restart`), api.get(`${path}/orders/logs`)];
    for (const answer of await Promise.all([...calls(bob), bob.get(path)]))
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    daemon.stop();
    await expect
      .poll(async () => (await ada.get<RunnerView>(`/api/runners/${daemon.runnerId}`)).body.online)
      .toBe(false);
    for (const answer of await Promise.all(calls(afar)))
      expect(answer).toMatchObject({ status: 503, body: { code: 'runner_offline' } });
  });
});
