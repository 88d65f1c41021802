import { randomUUID } from 'node:crypto';
import type { RunnerView, ServiceAnnouncement, SubscriptionView, WantedTriggers } from '@pizzapi/protocol';
import { RelayApi, ScriptedRunner, type ScriptedWorker } from '@pizzapi/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loseAnswer } from '../../../../testing/lose-answer.js';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';
import { WantedVersion } from '../../runners/index.js';
import { Subscriptions } from './subscriptions.js';

const TYPE = 'orders:status_changed';
const LIMIT = 5;
const announcement: ServiceAnnouncement = {
  services: [
    { id: 'orders', label: 'Orders', icon: 'box', state: 'declared', error: null },
    { id: 'off', label: 'Off', icon: 'box', state: 'disabled', error: null },
  ],
  panels: [],
  sigilDefs: [],
  triggerDefs: [
    { serviceId: 'orders', type: TYPE, label: 'Status changed', schema: { type: 'object', required: ['status'] } },
    { serviceId: 'off', type: 'orders:other', label: 'Other' },
    { serviceId: 'orders', type: 'orders:broken', label: 'Broken', schema: { type: 'nonsense' } },
  ],
};

describe('subscriptions, with two relays', () => {
  let cluster: TestCluster;
  let one: TestRelay;
  let two: TestRelay;
  let ada: TestAccount;
  let bob: TestAccount;
  let daemon: ScriptedRunner;
  let worker: ScriptedWorker;
  let path: string;
  const told: WantedTriggers[] = [];

  const matching = async (relay: TestRelay, payload: Record<string, unknown> = { status: 'shipped' }, type = TYPE) => {
    const version = await relay.app.get(WantedVersion, { strict: false }).read(daemon.runnerId);
    return relay.app.get(Subscriptions, { strict: false }).matching(version, daemon.runnerId, type, payload);
  };
  const onTwo = (account: RelayApi): RelayApi => new RelayApi(two.url, account.apiKey);
  const subscribe = async (body: object = {}, api: RelayApi = ada): Promise<SubscriptionView> => {
    const answer = await api.post<SubscriptionView>(path, { triggerType: TYPE, ...body });
    expect(answer).toMatchObject({ status: 201 });
    return answer.body;
  };
  const list = async (): Promise<SubscriptionView[]> =>
    (await ada.get<{ subscriptions: SubscriptionView[] }>(path)).body.subscriptions;

  beforeAll(async () => {
    cluster = await startCluster('postgres');
    one = await cluster.start({ PIZZAPI_MAX_SUBSCRIPTIONS_PER_SESSION: String(LIMIT) });
    two = await cluster.start();
    [ada, bob] = [await one.account('ada'), await one.account('bob')];
    daemon = await ScriptedRunner.connect(ada);
    daemon.socket.on('runner:wanted-triggers', (wanted) => told.push(wanted));
    expect(await daemon.socket.emitWithAck('service:announce', announcement)).toEqual({ ok: true });
  });
  afterAll(() => cluster[Symbol.asyncDispose]());
  beforeEach(async () => {
    worker = await daemon.startSession();
    path = `/api/sessions/${worker.sessionId}/trigger-subscriptions`;
  });
  afterEach(async () => {
    worker.stop();
    await ada.delete(`/api/sessions/${worker.sessionId}`);
  });

  it('lists what the services of the runner declare', async () => {
    const available = `/api/sessions/${worker.sessionId}/available-triggers`;
    expect(await onTwo(ada).get(available)).toMatchObject({
      status: 200,
      body: {
        triggers: [
          { type: TYPE, label: 'Status changed', description: null, serviceId: 'orders', schema: {}, available: true },
          { type: 'orders:other', schema: null, available: false, disabledReason: null },
          { type: 'orders:broken', available: false, disabledReason: expect.stringContaining('schema/type') },
        ],
      },
    });
    expect(await bob.get(available)).toMatchObject({ status: 404 });
    // And whoever looks at the runner.
    const { body } = await ada.get<RunnerView>(`/api/runners/${daemon.runnerId}`);
    expect(body.triggerDefs.map(({ disabledReason }) => disabledReason)).toEqual([
      undefined,
      undefined,
      expect.stringMatching(/^its schema is no JSON Schema of draft 2020-12: /),
    ]);
  });

  it('makes, shows, replaces and removes a subscription by its id', async () => {
    const criteria = {
      params: { region: ['eu', 1], titleContains: 'x' },
      filters: [{ field: 'status', value: 'shipped', op: 'eq' }],
      filterMode: 'or',
    };
    const made = await subscribe(criteria);
    expect(made).toEqual({
      subscriptionId: expect.stringMatching(/^sub_[0-9a-f-]{36}$/),
      triggerType: TYPE,
      ...criteria,
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: made.createdAt,
    });
    const own = `${path}/${made.subscriptionId}`;
    expect(await onTwo(ada).get(own)).toMatchObject({ status: 200, body: made });
    expect(await list()).toEqual([made]);
    // A client may send the whole object back, but not make another subscription of it.
    expect(await ada.send('PUT', own, { body: { triggerType: 'time:other' } })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'triggerType' }] },
    });
    expect(await ada.send('PUT', own, { body: { triggerType: TYPE } })).toMatchObject({ status: 200 });
    expect(await ada.send('PUT', own, { body: { filters: [] } })).toMatchObject({
      status: 200,
      body: { ...made, params: null, filters: [], filterMode: 'and', updatedAt: expect.any(String) },
    });
    expect(await ada.delete(own)).toMatchObject({ status: 204, body: null });
    for (const answer of [
      await ada.get(own),
      await ada.delete(own),
      await ada.send('PUT', own, { body: {} }),
      // Neither an id nor a type: those have a colon.
      await ada.delete(`${path}/status_changed`),
      await ada.send('PATCH', `${path}/lst_mistaken`, { body: {} }),
    ])
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('changes all of a type by the type, and says how many', async () => {
    for (let n = 0; n < 2; n++) await subscribe();
    const other = await subscribe({ triggerType: 'orders:other' });
    const ofType = `${path}/${encodeURIComponent(TYPE)}`;
    expect(await ada.send('PUT', ofType, { body: { params: { a: 1 } } })).toMatchObject({
      status: 200,
      body: { updated: 2 },
    });
    expect((await list()).map(({ params }) => params)).toEqual([{ a: 1 }, { a: 1 }, null]);
    expect(await ada.delete(ofType)).toMatchObject({ status: 200, body: { removed: 2 } });
    expect(await ada.delete(ofType)).toMatchObject({ status: 200, body: { removed: 0 } });
    expect(await list()).toEqual([other]);
  });

  it('pages the list', async () => {
    for (let n = 0; n < 3; n++) await subscribe({ params: { n } });
    const first = await ada.get<{ subscriptions: SubscriptionView[]; nextCursor: string }>(`${path}?limit=2`);
    const rest = await ada.get(`${path}?limit=2&cursor=${first.body.nextCursor}`);
    expect(first.body.subscriptions.map(({ params }) => params)).toEqual([{ n: 0 }, { n: 1 }]);
    expect(rest.body).toEqual({ subscriptions: [expect.objectContaining({ params: { n: 2 } })] });
  });

  it("is the session's owner's alone", async () => {
    const { subscriptionId } = await subscribe();
    for (const answer of [
      await bob.get(path),
      await bob.post(path, { triggerType: TYPE }),
      await bob.get(`${path}/${subscriptionId}`),
      await bob.send('PUT', `${path}/${subscriptionId}`, { body: {} }),
      await bob.delete(`${path}/${subscriptionId}`),
      await bob.delete(`${path}/${encodeURIComponent(TYPE)}`),
      await ada.get(`/api/sessions/${randomUUID()}/trigger-subscriptions`),
    ])
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    const neighbour = await daemon.startSession();
    expect(
      await ada.delete(`/api/sessions/${neighbour.sessionId}/trigger-subscriptions/${subscriptionId}`),
    ).toMatchObject({ status: 404 });
    expect(await list()).toHaveLength(1);
    neighbour.stop();
  });

  it.each<[string, object, number, string, string | null]>([
    ['an undeclared type', { triggerType: 'orders:status_change' }, 422, 'unknown_trigger_type', null],
    ['a type whose schema is broken', { triggerType: 'orders:broken' }, 422, 'trigger_type_disabled', null],
    ['what its body may not have', { filters: [{ field: '', value: 1 }] }, 400, 'invalid_request', 'filters.0.field'],
    [
      'too long criteria',
      { filters: Array(50).fill({ field: 'a', value: 'x'.repeat(1_000) }) },
      400,
      'invalid_request',
      'filters',
    ],
  ])('refuses %s', async (_what, body, status, code, field) => {
    const answer = await ada.post(path, { triggerType: TYPE, ...body });
    expect(answer).toMatchObject({ status, body: { code } });
    if (field !== null)
      expect(answer.body).toMatchObject({ errors: expect.arrayContaining([expect.objectContaining({ path: field })]) });
    expect(await list()).toEqual([]);
  });

  it('has room for so many, also when they come at once', async () => {
    const answers = await Promise.all(Array.from({ length: LIMIT + 3 }, () => ada.post(path, { triggerType: TYPE })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(LIMIT);
    for (const answer of answers.filter(({ status }) => status !== 201))
      expect(answer).toMatchObject({ status: 409, body: { code: 'too_many_subscriptions' } });
    expect(await list()).toHaveLength(LIMIT);
  });

  it('makes one of a repeated request', async () => {
    const post = (api: RelayApi, body: object) =>
      api.post<SubscriptionView>(path, { triggerType: TYPE, ...body }, { 'idempotency-key': `key-${path}` });
    const first = await post(ada, {});
    expect(await post(onTwo(ada), {})).toMatchObject({ status: 201, body: first.body });
    expect(await post(ada, { params: {} })).toMatchObject({ status: 409, body: { code: 'idempotency_mismatch' } });
    // The first try may have made it and crashed, and a retry might be refused for other reasons by now.
    await loseAnswer(one, ada, path, `key-${path}`);
    const withdrawn = { ...announcement, triggerDefs: [] };
    expect(await daemon.socket.emitWithAck('service:announce', withdrawn)).toEqual({ ok: true });
    expect(await post(ada, {})).toMatchObject({ status: 201, body: first.body });
    expect(await daemon.socket.emitWithAck('service:announce', announcement)).toEqual({ ok: true });
    expect(await list()).toHaveLength(1);
  });

  it('counts on every replica from its answer on, and no longer than it is there', async () => {
    for (let round = 0; round < 20; round++) {
      const filters = [{ field: 'n', value: round }];
      const { subscriptionId } = await subscribe({ filters }, round % 2 === 0 ? ada : onTwo(ada));
      const expected = [{ sessionId: worker.sessionId, subscriptionIds: [subscriptionId] }];
      expect(await Promise.all([matching(one, { n: round }), matching(two, { n: round })])).toEqual([
        expected,
        expected,
      ]);
      await onTwo(ada).send('PUT', `${path}/${subscriptionId}`, { body: { filters: [{ field: 'n', value: -1 }] } });
      expect(await Promise.all([matching(one, { n: round }), matching(one, { n: -1 })])).toEqual([[], expected]);
      await ada.delete(`${path}/${subscriptionId}`);
      expect(await Promise.all([matching(one, { n: -1 }), matching(two, { n: -1 })])).toEqual([[], []]);
    }
  });

  it('makes one match of all subscriptions of a session', async () => {
    const all = await subscribe();
    await subscribe({ params: { status: 'lost' } });
    const shipped = await subscribe({ params: { status: 'shipped' } });
    expect(await matching(two)).toEqual([
      { sessionId: worker.sessionId, subscriptionIds: [all.subscriptionId, shipped.subscriptionId] },
    ]);
    expect(await matching(two, {}, 'orders:other')).toEqual([]);
  });

  it('is suspended while the session is over, and back with it; gone when it is deleted', async () => {
    const { subscriptionId } = await subscribe();
    const expected = [{ sessionId: worker.sessionId, subscriptionIds: [subscriptionId] }];
    expect(await matching(two)).toEqual(expected);
    await daemon.report({ sessionId: worker.sessionId, state: 'ended' });
    expect(await matching(two)).toEqual([]);
    expect(await list()).toHaveLength(1);
    expect(await ada.post(`/api/sessions/${worker.sessionId}/resume`)).toMatchObject({ status: 202 });
    expect(await matching(two)).toEqual(expected);
    await onTwo(ada).delete(`/api/sessions/${worker.sessionId}`);
    expect(await matching(one)).toEqual([]);
  });

  it('tells the runner whole what is wanted, on every change and on every connection', async () => {
    const { subscriptionId } = await subscribe({ params: { repo: 'x' } }, onTwo(ada));
    const wanted = { subscriptionId, listenerId: null, type: TYPE, params: { repo: 'x' } };
    await expect.poll(() => told.at(-1)).toEqual({ subscriptions: [wanted] });
    await ada.send('PUT', `${path}/${subscriptionId}`, { body: {} });
    await expect.poll(() => told.at(-1)).toEqual({ subscriptions: [{ ...wanted, params: null }] });

    const elsewhere: WantedTriggers[] = [];
    const again = await ScriptedRunner.connect(onTwo(ada), 'again', { runnerId: daemon.runnerId });
    again.socket.on('runner:wanted-triggers', (message) => elsewhere.push(message));
    await expect.poll(() => elsewhere.at(-1)).toEqual({ subscriptions: [{ ...wanted, params: null }] });
    await one.app.get(WantedVersion, { strict: false }).bump(daemon.runnerId);
    await expect.poll(() => elsewhere.length).toBeGreaterThan(1);
    await ada.delete(`${path}/${subscriptionId}`);
    await expect.poll(() => elsewhere.at(-1)).toEqual({ subscriptions: [] });
    again.stop();
    daemon.socket.connect();
    await expect.poll(() => told.at(-1)).toEqual({ subscriptions: [] });
  });

  it('gives the tools of an agent the same, for its own session alone', async () => {
    const request = worker.requestTriggers.bind(worker);
    expect(await request({ request: 'available' })).toMatchObject({ ok: true, available: [{ type: TYPE }, {}, {}] });
    const operationId = randomUUID();
    const order = { request: 'subscribe', operationId, triggerType: TYPE, criteria: { params: { a: 1 } } } as const;
    const made = await request(order);
    expect(made).toMatchObject({
      ok: true,
      subscriptions: [{ subscriptionId: `sub_${operationId}`, params: { a: 1 } }],
    });
    expect(await request(order)).toEqual(made);
    expect(await matching(two, { a: 1 })).toHaveLength(1);

    const neighbour = await daemon.startSession();
    expect(await neighbour.requestTriggers({ request: 'list' })).toEqual({ ok: true, subscriptions: [] });
    expect(await neighbour.requestTriggers(order)).toMatchObject({ ok: false, problem: { code: 'conflict' } });
    expect(await neighbour.requestTriggers({ request: 'unsubscribe', target: `sub_${operationId}` })).toMatchObject({
      ok: false,
      problem: { code: 'not_found' },
    });
    neighbour.stop();

    expect(await request({ request: 'update', target: `sub_${operationId}`, criteria: {} })).toMatchObject({
      ok: true,
      updated: 1,
      subscriptions: [{ params: null }],
    });
    expect(await request({ request: 'update', target: TYPE, criteria: { filterMode: 'or' } })).toMatchObject({
      ok: true,
      updated: 1,
      subscriptions: [{ filterMode: 'or' }],
    });
    expect(await request({ request: 'list' })).toMatchObject({ subscriptions: [{ filterMode: 'or' }] });
    expect(await request({ ...order, operationId: randomUUID(), triggerType: 'orders:nope' })).toMatchObject({
      ok: false,
      problem: { code: 'unknown_trigger_type' },
    });
    expect(await request({ request: 'unsubscribe', target: TYPE })).toEqual({ ok: true, removed: 1 });
  });
});
