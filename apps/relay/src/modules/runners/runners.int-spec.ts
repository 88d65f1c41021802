import { randomUUID } from 'node:crypto';
import type { RunnerView } from '@pizzapi/protocol';
import { RelayApi, ScriptedRunner } from '@pizzapi/testing';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../testing/relay-fixture.js';
import { Database } from '../../platform/database/database.js';
import { EventBus } from '../../platform/streams/event-bus.js';
import { ApiKeyRepository } from '../auth/index.js';

describe('runners on two replicas', () => {
  let cluster: TestCluster;
  let one: TestRelay;
  let two: TestRelay;
  let ada: TestAccount;
  let bob: TestAccount;
  const onTwo = (account: TestAccount): TestAccount =>
    Object.assign(new RelayApi(two.url, account.apiKey), { userId: account.userId });
  const connect = (
    api: RelayApi,
    options: { runnerId?: string; acknowledges?: boolean; sandboxGap?: string } = {},
  ): Promise<ScriptedRunner> => ScriptedRunner.connect(api, 'build-1', options);
  const runner = async (account: TestAccount, runnerId: string): Promise<RunnerView> =>
    (await account.get<RunnerView>(`/api/runners/${runnerId}`)).body;

  beforeAll(async () => {
    cluster = await startCluster('postgres');
    one = await cluster.start();
    two = await cluster.start();
    ada = await one.account('ada');
    bob = await one.account('bob');
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  it('shows a runner to its owner alone, from either replica, with its state', async () => {
    const daemon = await connect(ada);
    const { runnerId } = daemon;
    await expect
      .poll(() => runner(onTwo(ada), runnerId))
      .toMatchObject({
        runnerId,
        online: true,
        name: 'build-1',
        platform: 'linux',
        roots: ['/srv/code'],
        sessionCount: 0,
        services: [],
      });
    expect(
      (await ada.get<{ runners: RunnerView[] }>('/api/runners')).body.runners.map((each) => each.runnerId),
    ).toContain(runnerId);

    expect(await bob.get(`/api/runners/${runnerId}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await bob.get('/api/runners')).toMatchObject({ body: { runners: [] } });
    expect(await bob.post('/api/sessions', { runnerId })).toMatchObject({ status: 404 });

    daemon.stop();
    await expect.poll(() => runner(ada, runnerId)).toMatchObject({ online: false });
  });

  it('shows why a runner cannot confine tools, until it can', async () => {
    const without = await connect(ada, { sandboxGap: 'bwrap is not installed.' });
    const { runnerId } = without;
    await expect.poll(() => runner(ada, runnerId)).toMatchObject({ sandboxGap: 'bwrap is not installed.' });
    without.stop();
    const mended = await connect(ada, { runnerId });
    await expect.poll(() => runner(ada, runnerId)).toMatchObject({ sandboxGap: null });
    mended.stop();
  });

  it("refuses an id that is somebody else's, and a handshake that does not fit", async () => {
    const daemon = await connect(ada);
    await expect(connect(onTwo(bob), { runnerId: daemon.runnerId })).rejects.toMatchObject({
      data: { code: 'runner_id_taken' },
    });
    await expect(connect(onTwo(bob), { runnerId: 'not-a-uuid' })).rejects.toMatchObject({
      data: { code: 'malformed_message' },
    });
    await expect(connect(new RelayApi(two.url, 'pza_forged'))).rejects.toMatchObject({
      data: { code: 'unauthenticated' },
    });
    daemon.stop();
  });

  it('lets a newer connection of the same runner take over on another replica', async () => {
    const old = await connect(ada);
    await expect.poll(() => runner(ada, old.runnerId)).toMatchObject({ online: true });
    const newer = await connect(onTwo(ada), { runnerId: old.runnerId });
    await expect.poll(() => old.socket.connected).toBe(false);
    expect((await runner(ada, old.runnerId)).online).toBe(true);
    newer.stop();
  });

  it('asks the daemon for models and folders across replicas, and says when it is offline', async () => {
    const daemon = await connect(ada);
    const { runnerId } = daemon;
    const model = { provider: 'demo', id: 'demo', name: 'Demo (no LLM)', contextWindow: 8_000, isDefault: true };
    const other = { ...model, id: 'other/model', isDefault: false };
    daemon.socket.on('runner:list-models', (_, answer) => answer({ ok: true, models: [model, other] }));
    daemon.socket.on('runner:list-folders', ({ path }, answer) =>
      path === '/etc'
        ? answer({ ok: false, problem: { code: 'folder_outside_roots', detail: 'Outside the roots.' } })
        : answer({ ok: true, listing: { path: path ?? '/srv/code', parent: null, folders: [], truncated: false } }),
    );
    for (const account of [ada, onTwo(ada)]) {
      await expect.poll(() => runner(account, runnerId)).toMatchObject({ online: true });
      expect(await account.get(`/api/runners/${runnerId}/models`)).toMatchObject({
        status: 200,
        body: { models: [model, other] },
      });
      const paged = await account.get<{ nextCursor?: string }>(`/api/runners/${runnerId}/models?limit=1`);
      expect(paged).toMatchObject({ status: 200, body: { models: [model] } });
      const next = `?cursor=${encodeURIComponent(paged.body.nextCursor ?? '')}`;
      expect((await account.get(`/api/runners/${runnerId}/models${next}`)).body).toEqual({ models: [other] });
      expect(await account.get(`/api/runners/${runnerId}/folders`)).toMatchObject({
        status: 200,
        body: { path: '/srv/code' },
      });
      expect(await account.get(`/api/runners/${runnerId}/folders?path=`)).toMatchObject({
        status: 400,
        body: { errors: [{ path: 'path' }] },
      });
      expect(await account.get(`/api/runners/${runnerId}/folders?path=/etc`)).toMatchObject({
        status: 422,
        body: { code: 'folder_outside_roots' },
      });
    }
    daemon.stop();
    await expect.poll(() => runner(ada, runnerId)).toMatchObject({ online: false });
    const offline = await ada.get(`/api/runners/${runnerId}/models`);
    expect(offline).toMatchObject({ status: 503, body: { code: 'runner_offline' } });
    expect(offline.headers.get('retry-after')).not.toBeNull();
  });

  it('delivers orders in order, across replicas, and again until they are done', async () => {
    const first = await connect(ada, { acknowledges: false });
    const { runnerId } = first;
    const created = await Promise.all(
      [1, 2, 3].map(() => onTwo(ada).post<{ sessionId: string }>('/api/sessions', { runnerId })),
    );
    for (const { status } of created) expect(status).toBe(202);
    const ids = created.map(({ body }) => body.sessionId);
    await expect.poll(() => first.orders.length).toBe(3);
    const [done, ...waiting] = first.orders;
    if (!done) throw new Error('no order');
    expect(await first.done(done)).toEqual({ ok: true });
    first.stop();

    const again = await connect(onTwo(ada), { runnerId, acknowledges: false });
    await expect.poll(() => again.orders.length).toBe(2);
    expect(again.orders).toEqual(waiting);
    expect(ids).toEqual(expect.arrayContaining(again.orders.map(({ sessionId }) => sessionId)));
    again.stop();
  });

  it('keeps the key that a runner got by enrolment to that runner, and gives it to the first account', async () => {
    const runnerId = randomUUID();
    const { key } = await one.app
      .get(Database)
      .write((manager) =>
        one.app
          .get(ApiKeyRepository, { strict: false })
          .create(manager, { operationId: v7(), name: 'enrolled', ownerId: null, organisationId: null, runnerId }),
      );
    await expect(connect(new RelayApi(one.url, key))).rejects.toMatchObject({ data: { code: 'runner_id_taken' } });
    const daemon = await connect(new RelayApi(one.url, key), { runnerId });
    expect(await ada.get(`/api/runners/${runnerId}`)).toMatchObject({ status: 404 });
    expect(daemon.policies).toEqual([]);
    await two.app
      .get(EventBus)
      .publish('account.created', { userId: bob.userId, organisationId: 'org_2', isFirst: false });
    await two.app
      .get(EventBus)
      .publish('account.created', { userId: ada.userId, organisationId: 'org_1', isFirst: true });
    await expect.poll(() => ada.get(`/api/runners/${runnerId}`)).toMatchObject({ status: 200, body: { online: true } });
    expect(await bob.get(`/api/runners/${runnerId}`)).toMatchObject({ status: 404 });
    // It has an organisation now, of which it is told what that says of its agents.
    await expect.poll(() => daemon.policies).toEqual([{ policy: null, policyAt: null }]);

    const { sessionId } = (await ada.post<{ sessionId: string }>('/api/sessions', { runnerId })).body;
    const runnerApi = new RelayApi(two.url, key);
    expect(await runnerApi.post(`/api/runners/${runnerId}/worker-tokens`, { sessionId })).toMatchObject({
      status: 201,
    });
    expect(await runnerApi.post(`/api/runners/${randomUUID()}/worker-tokens`, { sessionId })).toMatchObject({
      status: 404,
    });
    expect(await runnerApi.get(`/api/sessions/${sessionId}`)).toMatchObject({ status: 403 });
    daemon.stop();
  });

  it('renames a runner, and forgets one that is gone', async () => {
    const daemon = await connect(ada);
    const path = `/api/runners/${daemon.runnerId}`;
    expect(await ada.send('PATCH', path, { body: { name: 'Werkbank' } })).toMatchObject({
      status: 200,
      body: { name: 'Werkbank' },
    });
    expect(await ada.send('PATCH', path, { body: { name: '' } })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'name' }] },
    });
    await expect.poll(() => runner(ada, daemon.runnerId)).toMatchObject({ online: true });
    expect(await ada.delete(path)).toMatchObject({ status: 409 });
    daemon.stop();
    await expect.poll(() => ada.delete(path)).toMatchObject({ status: 204 });
    expect(await ada.get(path)).toMatchObject({ status: 404 });
    expect(await ada.delete(`/api/runners/${randomUUID()}`)).toMatchObject({ status: 404 });
  });
});
