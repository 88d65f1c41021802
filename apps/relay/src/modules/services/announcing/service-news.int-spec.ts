import type { ServiceAnnouncement, SigilDef } from '@pizzapi/protocol';
import { RelayApi, ScriptedRunner, type ScriptedWorker, TestViewer } from '@pizzapi/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';
import { RunnerOffers } from '../../runners/index.js';

const sigil: SigilDef = { serviceId: 'github', type: 'pr', label: 'Pull request', aliases: ['mr'] };
const offer: ServiceAnnouncement = {
  services: [{ id: 'github', label: 'GitHub', icon: 'github', state: 'running', error: null }],
  panels: [{ serviceId: 'github', label: 'GitHub', icon: 'github', port: 4000 }],
  triggerDefs: [{ serviceId: 'github', type: 'github:push', label: 'Push' }],
  sigilDefs: [sigil],
};
const nothing: ServiceAnnouncement = { services: [], panels: [], triggerDefs: [], sigilDefs: [] };

describe('announcements of services to viewers and workers, on two replicas', () => {
  let cluster: TestCluster;
  let one: TestRelay;
  let two: TestRelay;
  let ada: TestAccount;
  let daemon: ScriptedRunner;
  let worker: ScriptedWorker;
  const viewers: TestViewer[] = [];

  beforeAll(async () => {
    cluster = await startCluster('postgres');
    one = await cluster.start();
    two = await cluster.start();
    ada = await one.account('ada');
  });
  afterAll(() => cluster[Symbol.asyncDispose]());
  // The daemon is attached to one replica, its session's worker to the other.
  beforeEach(async () => {
    daemon = await ScriptedRunner.connect(ada);
    worker = await daemon.startSession({ relayUrl: two.url });
  });
  afterEach(() => {
    for (const viewer of viewers.splice(0)) viewer.stop();
    worker.stop();
    daemon.stop();
  });

  const announce = (more: Partial<ServiceAnnouncement> = {}, runner = daemon): Promise<unknown> =>
    runner.socket.timeout(30_000).emitWithAck('service:announce', { ...offer, ...more });
  /** The announcements that a viewer of the session receives. */
  const hears = (relay: TestRelay): ServiceAnnouncement[] => {
    const heard: ServiceAnnouncement[] = [];
    const viewer = new TestViewer(relay.url, ada.apiKey ?? '', worker.sessionId);
    viewer.socket.on('service_announce', ({ sessionId, runnerId, ...announced }) => {
      expect({ sessionId, runnerId }).toEqual({ sessionId: worker.sessionId, runnerId: daemon.runnerId });
      heard.push(announced);
    });
    viewers.push(viewer);
    return heard;
  };

  it('are sent on attaching and on every change, until the viewer leaves', async () => {
    const [near, far] = [hears(one), hears(two)];
    for (const heard of [near, far]) await expect.poll(() => heard).toEqual([nothing]);
    await announce();
    for (const heard of [near, far]) await expect.poll(() => heard).toEqual([nothing, offer]);
    const late = hears(two);
    await expect.poll(() => late).toEqual([offer]);

    await announce({ panels: [] });
    for (const heard of [near, far, late]) await expect.poll(() => heard.at(-1)).toEqual({ ...offer, panels: [] });
    const [, stayed, leaves] = viewers;
    await leaves?.socket.timeout(30_000).emitWithAck('session:detach', { sessionId: worker.sessionId });
    await expect.poll(() => far.length).toBe(3);
    await announce();
    await expect.poll(() => far.at(-1)).toEqual(offer);
    expect(late).toHaveLength(2);
    expect(stayed?.count).toMatchObject({ foreign: 0 });
  });

  it('have no panels and only stopped services while the runner is offline', async () => {
    await announce();
    const heard = hears(two);
    await expect.poll(() => heard.at(-1)).toEqual(offer);
    daemon.stop();
    await expect
      .poll(() => heard.at(-1))
      .toMatchObject({ panels: [], services: [{ state: 'stopped' }], sigilDefs: [sigil] });
    const again = await ScriptedRunner.connect(new RelayApi(two.url, ada.apiKey), 'scripted', {
      runnerId: daemon.runnerId,
    });
    await expect.poll(() => heard.at(-1)).toEqual(offer);
    again.stop();
  });

  it('give a worker sigils when it connects and when they change, but not when something else changes', async () => {
    await expect.poll(() => worker.announcedSigils).toEqual([[]]);
    await announce();
    await expect.poll(() => worker.announcedSigils).toEqual([[], [sigil]]);
    const heard = hears(two);
    await announce({ panels: [], triggerDefs: [] });
    await expect.poll(() => heard.at(-1)?.panels).toEqual([]);
    const issue = { ...sigil, type: 'issue', aliases: [] };
    await announce({ sigilDefs: [sigil, issue] });
    await expect.poll(() => worker.announcedSigils).toEqual([[], [sigil], [sigil, issue]]);

    worker.stop();
    worker = await daemon.startWorker(worker.sessionId, one.url);
    await expect.poll(() => worker.announcedSigils).toEqual([[sigil, issue]]);
  });

  it('are sent although the database was unreachable at that moment', async () => {
    const heard = hears(two);
    await expect.poll(() => heard).toEqual([nothing]);
    const reading = vi
      .spyOn(two.app.get(RunnerOffers, { strict: false }), 'of')
      .mockRejectedValueOnce(new Error('away'));
    await announce();
    await expect.poll(() => heard).toEqual([nothing, offer]);
    expect(reading.mock.settledResults[0]).toMatchObject({ type: 'rejected' });
    reading.mockRestore();
  });

  it('are sent only for the runner of the session', async () => {
    const heard = hears(two);
    await expect.poll(() => heard).toEqual([nothing]);
    const other = await ScriptedRunner.connect(ada);
    await announce({}, other);
    await announce({ panels: [] });
    await expect.poll(() => heard).toEqual([nothing, { ...offer, panels: [] }]);
    other.stop();
  });
});
