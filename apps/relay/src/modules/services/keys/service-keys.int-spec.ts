import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import type { RunnerView, SocketAnswer } from '@pizzapi/protocol';
import { connectHub, RelayApi, ScriptedRunner } from '@pizzapi/testing';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';
import { Database } from '../../../platform/database/database.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import { ApiKeyRepository } from '../../auth/index.js';

interface KeyView {
  id: string;
  name: string;
  scopes: string[];
  runnerId: string | null;
  serviceId: string | null;
}

const announcement = {
  services: [],
  panels: [],
  sigilDefs: [],
  triggerDefs: ['orders:placed', 'billing:paid'].map((type) => ({
    serviceId: type.slice(0, type.indexOf(':')),
    type,
    label: type,
  })),
};

describe('keys of services, on two replicas', () => {
  let cluster: TestCluster;
  let one: TestRelay;
  let two: TestRelay;
  let ada: TestAccount;
  let bob: TestAccount;
  let daemon: ScriptedRunner;

  beforeAll(async () => {
    cluster = await startCluster('postgres');
    one = await cluster.start();
    two = await cluster.start();
    ada = await one.account('ada');
    bob = await one.account('bob');
  });
  afterAll(() => cluster[Symbol.asyncDispose]());
  beforeEach(async () => {
    daemon = await ScriptedRunner.connect(ada, 'build-1');
    await announce(daemon);
  });
  afterEach(() => daemon.stop());

  const announce = (runner: ScriptedRunner): Promise<unknown> =>
    runner.socket.timeout(30_000).emitWithAck('service:announce', announcement);
  const keyOf = async (serviceId: string, runner = daemon): Promise<string> => {
    const answer: SocketAnswer<{ apiKey: string }> = await runner.socket
      .timeout(30_000)
      .emitWithAck('service:key', { serviceId });
    if (!answer.ok) throw new Error(answer.problem.detail);
    return answer.apiKey;
  };
  const fire = (key: string, type = 'orders:placed', more: object = {}, runner = daemon, relay = two) =>
    new RelayApi(relay.url, key).post<{ triggerId: string; code: string; detail: string }>(
      `/api/runners/${runner.runnerId}/trigger-broadcast`,
      { type, payload: {}, ...more },
    );
  const sourceOf = async (triggerId: string): Promise<string> =>
    (await ada.get<{ trigger: { source: string } }>(`/api/triggers/${triggerId}`)).body.trigger.source;
  const keysOf = async (account: TestAccount, runner = daemon): Promise<KeyView[]> =>
    (await account.get<{ apiKeys: KeyView[] }>('/api/api-keys?limit=200')).body.apiKeys.filter(
      ({ runnerId }) => runnerId === runner.runnerId,
    );

  /** A runner that nobody owns yet. */
  const enrolled = async (): Promise<{ orphan: ScriptedRunner; runnerKey: string }> => {
    const runnerId = randomUUID();
    const wanted = { operationId: v7(), name: 'enrolled', ownerId: null, organisationId: null, runnerId };
    const { key: runnerKey } = await one.app
      .get(Database)
      .write((manager) => one.app.get(ApiKeyRepository, { strict: false }).create(manager, wanted));
    const orphan = await ScriptedRunner.connect(new RelayApi(one.url, runnerKey), 'build-2', { runnerId });
    await announce(orphan);
    return { orphan, runnerKey };
  };

  it("fire the service's own triggers on its own runner, in its name", async () => {
    const key = await keyOf('orders');
    const fired = await fire(key);
    expect(fired).toMatchObject({ status: 202, body: { ok: true } });
    expect(await sourceOf(fired.body.triggerId)).toBe('orders');
    const named = await fire(key, 'orders:placed', { source: 'till 3' }, daemon, one);
    expect(await sourceOf(named.body.triggerId)).toBe('till 3');

    const foreign = await fire(key, 'billing:paid');
    expect(foreign).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(foreign.body.detail).toContain('"orders:"');
    expect(await fire(key, 'orders')).toMatchObject({ status: 403 });
    expect(await fire(key, 'time:tick')).toMatchObject({ status: 403 });

    const other = await ScriptedRunner.connect(ada);
    await announce(other);
    expect(await fire(key, 'orders:placed', {}, other)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    other.stop();
  });

  it('give access to nothing else', async () => {
    const key = await keyOf('orders');
    const service = new RelayApi(two.url, key);
    const { runnerId } = daemon;
    const { sessionId } = (await ada.post<{ sessionId: string }>('/api/sessions', { runnerId })).body;
    for (const path of ['runners', `runners/${runnerId}`, `runners/${runnerId}/services`, 'api-keys', 'auth/me'])
      expect(await service.get(`/api/${path}`), path).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    for (const [path, body] of [
      ['api-keys', { name: 'x' }],
      ['sessions', { runnerId }],
      [`sessions/${sessionId}/trigger`, { type: 'orders:placed', payload: {} }],
      [`runners/${runnerId}/worker-tokens`, { sessionId }],
      [`runners/${runnerId}/services/orders/restart`, {}],
    ] as const)
      expect(await service.post(`/api/${path}`, body), path).toMatchObject({ status: 403 });
    await expect(ScriptedRunner.connect(service, 'x', { runnerId })).rejects.toMatchObject({
      data: { code: 'forbidden' },
    });
    await expect(connectHub(two.url, { 'x-api-key': key })).rejects.toMatchObject({ data: { code: 'forbidden' } });
    const upgrade = request(`${two.url}/_tunnel`, {
      headers: {
        'x-api-key': key,
        'x-pizzapi-runner': runnerId,
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
      },
    });
    const answered = once(upgrade.end(), 'response', { signal: AbortSignal.timeout(30_000) });
    expect((await answered)[0]).toMatchObject({ statusCode: 403 });
  });

  it("are among the owner's keys, who can revoke them", async () => {
    const key = await keyOf('orders');
    const [listed, ...more] = await keysOf(ada);
    expect(listed).toMatchObject({ name: 'Service orders of build-1', scopes: ['service'], serviceId: 'orders' });
    expect(more).toEqual([]);
    expect(await keysOf(bob)).toEqual([]);
    expect(await bob.delete(`/api/api-keys/${listed?.id}`)).toMatchObject({ status: 404 });
    expect(await ada.delete(`/api/api-keys/${listed?.id}`)).toMatchObject({ status: 204 });
    expect(await fire(key)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(await keysOf(ada)).toEqual([]);
    expect(await fire(await keyOf('orders'))).toMatchObject({ status: 202 });
  });

  it('are revoked by the next one for the same service, also when several are requested at once', async () => {
    const billing = await keyOf('billing');
    const keys = await Promise.all(Array.from({ length: 8 }, () => keyOf('orders')));
    const statuses = (await Promise.all(keys.map((key) => fire(key)))).map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([202, 401, 401, 401, 401, 401, 401, 401]);
    expect((await keysOf(ada)).map(({ serviceId }) => serviceId).toSorted()).toEqual(['billing', 'orders']);
    expect(await fire(billing, 'billing:paid')).toMatchObject({ status: 202 });
  });

  it('are revoked when the runner no longer has their service, and only then', async () => {
    const [orders, billing] = [await keyOf('orders'), await keyOf('billing')];
    const say = (message: object): Promise<unknown> =>
      daemon.socket.timeout(30_000).emitWithAck('service:announce', Object.assign({}, announcement, message));
    // A folder with a broken service still exists.
    const broken = { id: 'billing', label: 'Billing', icon: 'square', state: 'broken', error: 'is not valid JSON' };
    const [ordersDef] = announcement.triggerDefs;
    expect(await say({ services: [broken], triggerDefs: [ordersDef] })).toEqual({ ok: true });
    expect(await say({ triggerDefs: [ordersDef] })).toEqual({ ok: true });
    await expect.poll(async () => (await keysOf(ada)).map(({ serviceId }) => serviceId)).toEqual(['orders']);
    expect(await fire(billing, 'billing:paid')).toMatchObject({ status: 401 });
    expect(await fire(orders)).toMatchObject({ status: 202 });
  });

  it('are revoked with their runner', async () => {
    const key = await keyOf('orders');
    const { runnerId } = daemon;
    daemon.stop();
    await expect.poll(() => ada.delete(`/api/runners/${runnerId}`)).toMatchObject({ status: 204 });
    expect(await fire(key)).toMatchObject({ status: 401 });
    expect(await keysOf(ada)).toEqual([]);
  });

  it('are issued before the runner has an owner, who then owns them too; the runner key can fire any of its triggers', async () => {
    const { orphan, runnerKey } = await enrolled();
    const { runnerId } = orphan;
    const key = await keyOf('orders', orphan);
    expect(await fire(key, 'orders:placed', {}, orphan)).toMatchObject({ status: 202 });
    expect(await fire(runnerKey, 'billing:paid', {}, orphan)).toMatchObject({ status: 202 });

    const data = { userId: ada.userId, organisationId: 'org_1', isFirst: true };
    await two.app.get(EventBus).publish('account.created', data);
    await expect
      .poll(async () => (await keysOf(ada, orphan)).map(({ name }) => name))
      .toEqual(['Service orders of build-2', 'enrolled']);
    await expect.poll(async () => (await ada.get<RunnerView>(`/api/runners/${runnerId}`)).status).toBe(200);
    expect(await fire(key, 'orders:placed', {}, orphan)).toMatchObject({ status: 202 });
    orphan.stop();
  });

  it('move with such a runner to the person who claims it with a key', async () => {
    const { orphan } = await enrolled();
    const key = await keyOf('orders', orphan);
    orphan.stop();
    const claimed = await ScriptedRunner.connect(bob, 'build-2', { runnerId: orphan.runnerId });
    expect((await keysOf(bob, orphan)).map(({ serviceId }) => serviceId)).toEqual(['orders', null]);
    expect(await fire(key, 'orders:placed', {}, orphan)).toMatchObject({ status: 202 });
    claimed.stop();
  });
});
