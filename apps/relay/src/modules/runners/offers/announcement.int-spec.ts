import type { RunnerView, ServiceAnnouncement } from '@pizzapi/protocol';
import { connectHub, ScriptedRunner } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster } from '../../../../testing/relay-fixture.js';

const announcement: ServiceAnnouncement = {
  services: [{ id: 'orders', label: 'Orders', icon: 'box', state: 'running', error: null }],
  panels: [{ serviceId: 'orders', label: 'Orders', icon: 'box', port: 4000 }],
  sigilDefs: [{ serviceId: 'orders', type: 'order', label: 'Order', aliases: ['o'] }],
  triggerDefs: [{ serviceId: 'orders', type: 'orders:placed', label: 'Placed', schema: { type: 'object' } }],
};

describe("what a runner's services announce", () => {
  let cluster: TestCluster;
  let ada: TestAccount;
  beforeAll(async () => {
    cluster = await startCluster();
    ada = await (await cluster.start()).account('ada');
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  const view = async (runnerId: string): Promise<RunnerView> =>
    (await ada.get<RunnerView>(`/api/runners/${runnerId}`)).body;
  const say = (daemon: ScriptedRunner, message: object): Promise<unknown> =>
    daemon.socket.timeout(30_000).emitWithAck('service:announce', Object.assign({}, announcement, message));

  it('is shown, and its definitions outlive a disconnect', async () => {
    const daemon = await ScriptedRunner.connect(ada);
    const { runnerId } = daemon;
    await expect.poll(async () => (await view(runnerId)).online).toBe(true);
    expect(await say(daemon, { futureField: 1 })).toEqual({ ok: true });
    expect(await view(runnerId)).toMatchObject(announcement);
    daemon.stop();
    await expect.poll(async () => (await view(runnerId)).online).toBe(false);
    const { services, panels, triggerDefs, sigilDefs } = await view(runnerId);
    expect({ triggerDefs, sigilDefs }).toEqual({
      triggerDefs: announcement.triggerDefs,
      sigilDefs: announcement.sigilDefs,
    });
    expect(services.map(({ state }) => state)).toEqual(['stopped']);
    expect(panels).toEqual([]);
    const again = await ScriptedRunner.connect(ada, 'scripted', { runnerId });
    await expect.poll(async () => (await view(runnerId)).services[0]?.state).toBe('running');
    again.stop();
  });

  it('counts as it was said last, and only news is told', async () => {
    const daemon = await ScriptedRunner.connect(ada);
    const { runnerId } = daemon;
    await expect.poll(async () => (await view(runnerId)).online).toBe(true);
    const hub = await connectHub(ada.baseUrl, { 'x-api-key': ada.apiKey ?? '' });
    const told: number[] = [];
    hub.on('runner:updated', ({ runner }) => {
      if (runner.runnerId === runnerId) told.push(runner.triggerDefs.length);
    });
    const last = { triggerDefs: [] };
    expect(await Promise.all([{}, { services: [] }, last].map((message) => say(daemon, message)))).toEqual([
      { ok: true },
      { ok: true },
      { ok: true },
    ]);
    expect((await view(runnerId)).triggerDefs).toEqual([]);
    await expect.poll(() => told.at(-1)).toBe(0);
    const before = told.length;
    await say(daemon, last);
    await say(daemon, {});
    await expect.poll(() => told.slice(before)).toEqual([1]);
    hub.disconnect();
    daemon.stop();
  });

  it('is refused when it is too long or not of the catalog, and what was said before stays', async () => {
    const daemon = await ScriptedRunner.connect(ada);
    await say(daemon, {});
    const long = { ...announcement.triggerDefs[0], schema: { x: 'x'.repeat(2 ** 20) } };
    expect(await say(daemon, { triggerDefs: [long] })).toMatchObject({
      ok: false,
      problem: { code: 'payload_too_large' },
    });
    expect(await say(daemon, { panels: [{ port: 0 }] })).toMatchObject({
      ok: false,
      problem: { code: 'malformed_message' },
    });
    expect((await view(daemon.runnerId)).triggerDefs).toEqual(announcement.triggerDefs);
    daemon.stop();
  });
});
