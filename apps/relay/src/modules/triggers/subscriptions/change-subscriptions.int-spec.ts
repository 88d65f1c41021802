import type { SubscriptionView } from '@pizzapi/protocol';
import { RelayApi, ScriptedRunner, type ScriptedWorker, TestViewer } from '@pizzapi/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';

const TYPE = 'time:tick';

describe('a change of subscriptions, with two relays', () => {
  let cluster: TestCluster;
  let one: TestRelay;
  let two: TestRelay;
  let ada: TestAccount;
  let daemon: ScriptedRunner;
  let worker: ScriptedWorker;
  let path: string;

  const onTwo = (account: RelayApi): RelayApi => new RelayApi(two.url, account.apiKey);
  const subscribe = async (body: object = {}): Promise<SubscriptionView> => {
    const answer = await ada.post<SubscriptionView>(path, { triggerType: TYPE, ...body });
    expect(answer).toMatchObject({ status: 201 });
    return answer.body;
  };
  const list = async (): Promise<SubscriptionView[]> =>
    (await ada.get<{ subscriptions: SubscriptionView[] }>(path)).body.subscriptions;

  beforeAll(async () => {
    cluster = await startCluster('postgres');
    one = await cluster.start();
    two = await cluster.start();
    ada = await one.account('ada');
    daemon = await ScriptedRunner.connect(ada);
  });
  afterAll(async () => {
    daemon.stop();
    await cluster[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    worker = await daemon.startSession();
    path = `/api/sessions/${worker.sessionId}/trigger-subscriptions`;
  });
  afterEach(() => worker.stop());

  it('changes what is given and keeps the rest, whatever others change at the same time', async () => {
    const { subscriptionId } = await subscribe({ filterMode: 'or' });
    const own = `${path}/${subscriptionId}`;
    for (let round = 0; round < 10; round++) {
      const params = { round };
      const filters = [{ field: 'n', value: round }];
      const [byTool, byRest] = await Promise.all([
        worker.requestTriggers({ request: 'update', target: subscriptionId, criteria: { filters }, merge: true }),
        onTwo(ada).send('PATCH', own, { body: { params } }),
      ]);
      expect(byTool).toMatchObject({ ok: true, updated: 1, subscriptions: [{ filters, filterMode: 'or' }] });
      expect(byRest).toMatchObject({ status: 200, body: { params, filterMode: 'or' } });
      expect(await list()).toMatchObject([{ params, filters, filterMode: 'or' }]);
    }
    expect(await ada.send('PATCH', own, { body: { params: {} } })).toMatchObject({
      status: 200,
      body: { params: {}, filters: [{ value: 9 }] },
    });
    const wrongType = { triggerType: 'time:other', params: { a: 1 } };
    expect(await ada.send('PATCH', own, { body: wrongType })).toMatchObject({ status: 400 });
    expect(await ada.send('PATCH', `${path}/sub_none`, { body: {} })).toMatchObject({ status: 404 });
    expect(await list()).toMatchObject([{ params: {} }]);
  });

  it('takes away what null is given for, and refuses it for what cannot be taken away', async () => {
    const criteria = { params: { a: 1 }, filters: [{ field: 'n', value: 1 }], filterMode: 'or' };
    const none = { params: null, filters: null, filterMode: 'and' };
    const { subscriptionId } = await subscribe(criteria);
    const own = `${path}/${subscriptionId}`;
    expect(await ada.send('PATCH', own, { body: { filters: null } })).toMatchObject({
      status: 200,
      body: { ...criteria, filters: null },
    });
    expect(await ada.send('PATCH', own, { body: { triggerType: null } })).toMatchObject({
      status: 400,
      body: { errors: expect.arrayContaining([expect.objectContaining({ path: 'triggerType' })]) },
    });
    expect(await list()).toMatchObject([{ ...criteria, filters: null }]);
    // As GET answers them.
    expect(await ada.send('PATCH', own, { body: none })).toMatchObject({ status: 200, body: none });
    expect(await list()).toMatchObject([none]);
  });

  it('answers a change with what that change made, also while somebody else makes another', async () => {
    const { subscriptionId } = await subscribe();
    const put = (api: RelayApi, n: number) =>
      api.send('PUT', `${path}/${subscriptionId}`, { body: { params: { n }, filters: [{ field: 'n', value: n }] } });
    for (let round = 0; round < 10; round++) {
      const answers = await Promise.all([put(ada, 1), put(onTwo(ada), 2), put(ada, 3), put(onTwo(ada), 4)]);
      expect(answers.map(({ body }) => body)).toMatchObject(
        [1, 2, 3, 4].map((n) => ({ params: { n }, filters: [{ value: n }] })),
      );
    }
  });

  it('changes all of a type or none', async () => {
    await subscribe({ params: { text: 'short' } });
    await subscribe({ params: { text: ['x', 'y', 'z'].map((letter) => letter.repeat(3_500)) } });
    const before = await list();
    const filters = Array(2).fill({ field: 'text', value: 'w'.repeat(3_500) });
    const refused = { status: 400, body: { code: 'invalid_request', errors: [{ path: 'filters' }] } };
    const ofType = `${path}/${encodeURIComponent(TYPE)}`;
    expect(await ada.send('PATCH', ofType, { body: { filters } })).toMatchObject(refused);
    expect(
      await worker.requestTriggers({ request: 'update', target: TYPE, criteria: { filters }, merge: true }),
    ).toMatchObject({ ok: false, problem: { code: 'invalid_request' } });
    expect(await list()).toEqual(before);
    expect(await ada.send('PATCH', ofType, { body: { filterMode: 'or' } })).toMatchObject({
      status: 200,
      body: { updated: 2 },
    });
  });

  it('tells those who watch the session, on another replica too, whoever changes something', async () => {
    const viewer = new TestViewer(two.url, ada.apiKey ?? '', worker.sessionId, null);
    let told = 0;
    viewer.socket.on('session:subscriptions-changed', (message) => {
      expect(message).toEqual({ sessionId: worker.sessionId });
      told++;
    });
    // On attaching, because it may have read its list before.
    await expect.poll(() => told).toBe(1);
    const { subscriptionId } = await subscribe();
    await expect.poll(() => told).toBe(2);
    await worker.requestTriggers({ request: 'update', target: subscriptionId, criteria: { params: { a: 1 } } });
    await expect.poll(() => told).toBe(3);
    await onTwo(ada).delete(`${path}/${subscriptionId}`);
    await expect.poll(() => told).toBe(4);
    viewer.stop();
  });
});
