import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InboxItem, ServiceAnnouncement, TriggerDef, TriggerHistoryEntry } from '@pizzapi/protocol';
import { RelayApi, ScriptedRunner, type ScriptedWorker } from '@pizzapi/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RelayConfig } from '../../../config/config.js';
import { loseAnswer } from '../../../../testing/lose-answer.js';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';
import type { TriggerStateDto } from '../history/history.dto.js';
import type { TriggerFiredDto } from './firing.dto.js';

describe('firing triggers on two replicas', () => {
  let cluster: TestCluster;
  let one: TestRelay;
  let two: TestRelay;
  let ada: TestAccount;
  let bob: TestAccount;
  let runner: ScriptedRunner;

  beforeAll(async () => {
    cluster = await startCluster('postgres');
    one = await cluster.start();
    two = await cluster.start();
    ada = await one.account('ada');
    bob = await one.account('bob');
  });
  afterAll(() => cluster[Symbol.asyncDispose]());
  beforeEach(async () => {
    runner = await ScriptedRunner.connect(ada);
  });
  afterEach(() => runner.stop());

  const broadcast = (request: object, headers = {}) =>
    ada.post<TriggerFiredDto>(
      `/api/runners/${runner.runnerId}/trigger-broadcast`,
      { type: 'time:tick', payload: {}, ...request },
      headers,
    );
  const stateOf = async (triggerId: string): Promise<TriggerStateDto> =>
    (await ada.get<TriggerStateDto>(`/api/triggers/${triggerId}`)).body;
  const subscribed = async (request: object = {}, relay = two): Promise<ScriptedWorker> => {
    const worker = await runner.startSession({ relayUrl: relay.url });
    const answer = await ada.post(`/api/sessions/${worker.sessionId}/trigger-subscriptions`, {
      triggerType: 'time:tick',
      ...request,
    });
    expect(answer.status).toBe(201);
    return worker;
  };
  const triggersOf = (worker: ScriptedWorker): unknown[] =>
    worker.received.map((item: InboxItem): unknown => JSON.parse(item.text));

  it('reaches each subscribed session once, and says how each delivery fares', async () => {
    const [first, second] = [await subscribed({}, one), await subscribed({}, two)];
    const other = await subscribed({ params: { room: 'kitchen' } });
    const payload = { n: 1, room: 'hall' };
    const fired = await broadcast({ payload, source: 'clock', deliverAs: 'steer', summary: 'Tick' });
    expect(fired).toMatchObject({ status: 202, body: { ok: true, subscriptions: 2, listeners: 0 } });
    const { triggerId } = fired.body;
    for (const worker of [first, second]) {
      await expect
        .poll(() => triggersOf(worker))
        .toMatchObject([
          {
            triggerId,
            type: 'time:tick',
            payload,
            source: 'clock',
            deliverAs: 'steer',
            summary: 'Tick',
            runnerId: runner.runnerId,
          },
        ]);
      expect(worker.received).toMatchObject([{ kind: 'trigger', deliverAs: 'steer', triggerId }]);
      await expect
        .poll(
          async () =>
            (await ada.get<{ triggers: TriggerHistoryEntry[] }>(`/api/sessions/${worker.sessionId}/triggers`)).body
              .triggers,
        )
        .toMatchObject([{ triggerId, type: 'time:tick', payload, direction: 'inbound', summary: 'Tick' }]);
    }
    await expect
      .poll(() => stateOf(triggerId))
      .toMatchObject({
        trigger: { triggerId, payload, source: 'clock', deliverAs: 'steer', summary: 'Tick' },
        deliveries: [
          { state: 'received', listenerId: null, reason: null },
          { state: 'received', listenerId: null, reason: null },
        ],
      });
    expect(other.received).toEqual([]);
    for (const worker of [first, second, other]) worker.stop();
  });

  it('takes null for a field that is left out, and a payload as it is, whatever its fields are called', async () => {
    const nothing = { params: null, filters: [{ field: 'constructor', value: 'Ferrari', op: null }], filterMode: null };
    const worker = await subscribed(nothing);
    const payload = { constructor: 'Ferrari', lap: { prototype: null, toString: 1 } };
    const fired = await broadcast({ payload, source: null, deliverAs: null, summary: null });
    expect(fired).toMatchObject({ status: 202, body: { subscriptions: 1 } });
    await expect
      .poll(() => triggersOf(worker))
      .toMatchObject([{ payload, source: 'external:api', deliverAs: 'followUp' }]);
    expect(triggersOf(worker)).toEqual([expect.not.objectContaining({ summary: null })]);
    await expect
      .poll(() => stateOf(fired.body.triggerId))
      .toMatchObject({ trigger: { payload }, deliveries: [{ state: 'received' }] });
    worker.stop();
  });

  it('makes one delivery of several subscriptions that match', async () => {
    const worker = await subscribed();
    await ada.post(`/api/sessions/${worker.sessionId}/trigger-subscriptions`, {
      triggerType: 'time:tick',
      filters: [{ field: 'n', value: 1 }],
    });
    const { body } = await broadcast({ payload: { n: 1 } });
    expect(body).toMatchObject({ subscriptions: 2 });
    await expect.poll(() => stateOf(body.triggerId)).toMatchObject({ deliveries: [{ state: 'received' }] });
    expect((await stateOf(body.triggerId)).deliveries[0]?.subscriptionIds).toHaveLength(2);
    expect(worker.received).toHaveLength(1);
    worker.stop();
  });

  it('waits for a session that is away, in order, and shows what waits', async () => {
    const worker = await subscribed();
    worker.stop();
    const { sessionId } = worker;
    const fired: string[] = [];
    for (let n = 0; n < 30; n++) fired.push((await broadcast({ payload: { n } })).body.triggerId);
    const said = await ada.post(`/api/sessions/${sessionId}/input`, { text: 'and a word in between' });
    expect(said.status).toBe(202);
    fired.push(
      (await ada.post<TriggerFiredDto>(`/api/sessions/${sessionId}/trigger`, { type: 'any', payload: { n: 30 } })).body
        .triggerId,
    );
    await expect
      .poll(
        async () =>
          (await ada.get<{ triggers: object[] }>(`/api/sessions/${sessionId}/waiting-triggers`)).body.triggers,
      )
      .toHaveLength(31);
    expect(await stateOf(fired[0] ?? '')).toMatchObject({ deliveries: [{ state: 'waiting', attempts: 0, sessionId }] });
    const back = await runner.startWorker(sessionId, one.url);
    await expect.poll(() => back.received).toHaveLength(32);
    expect(back.received.map(({ triggerId, text }) => triggerId ?? text)).toEqual([
      ...fired.slice(0, 30),
      'and a word in between',
      fired[30],
    ]);
    await expect
      .poll(() => stateOf(fired[30] ?? ''))
      .toMatchObject({ deliveries: [{ state: 'received', attempts: 1 }] });
    back.stop();
  });

  it('matches as of the last answered change, whichever replica made it and which one is asked', async () => {
    const onTwo = new RelayApi(two.url, ada.apiKey);
    const worker = await subscribed({}, one);
    const path = `/api/sessions/${worker.sessionId}/trigger-subscriptions`;
    for (let n = 0; n < 5; n++) {
      expect(await broadcast({})).toMatchObject({ status: 202, body: { subscriptions: 1 } });
      await onTwo.delete(`${path}/${encodeURIComponent('time:tick')}`);
      expect(await broadcast({})).toMatchObject({ status: 202, body: { subscriptions: 0 } });
      await onTwo.post(path, { triggerType: 'time:tick' });
    }
    worker.stop();
  });

  it('knows a type as soon as a runner declares it, and its schema as it was declared last', async () => {
    const daemon = await ScriptedRunner.connect(new RelayApi(two.url, ada.apiKey));
    const type = 'orders:placed';
    const declare = async (...schemas: NonNullable<TriggerDef['schema']>[]): Promise<void> => {
      const message: ServiceAnnouncement = {
        services: [{ id: 'orders', label: 'Orders', icon: 'box', state: 'running', error: null }],
        panels: [],
        sigilDefs: [],
        triggerDefs: schemas.map((schema) => ({ serviceId: 'orders', type, label: 'Placed', schema })),
      };
      expect(await daemon.socket.timeout(30_000).emitWithAck('service:announce', message)).toEqual({ ok: true });
    };
    const status = async (): Promise<number> =>
      (await ada.post(`/api/runners/${daemon.runnerId}/trigger-broadcast`, { type, payload: { n: 1 } })).status;
    expect(await status()).toBe(422);
    await declare({ required: ['n'] });
    expect(await status()).toBe(202);
    const path = `/api/runners/${daemon.runnerId}/trigger-broadcast`;
    const again = () =>
      ada.post<TriggerFiredDto>(path, { type, payload: { n: 1 } }, { 'idempotency-key': 'of-before' });
    const before = await again();
    expect(before).toMatchObject({ status: 202 });
    await loseAnswer(one, ada, path, 'of-before');
    await declare({ required: ['m'] });
    expect(await status()).toBe(422);
    await declare();
    expect(await status()).toBe(422);
    // It was accepted while it was right.
    expect(await again()).toMatchObject({ status: 202, body: before.body });
    daemon.stop();
    await expect.poll(async () => (await ada.delete(`/api/runners/${daemon.runnerId}`)).status).toBe(204);
    expect(await status()).toBe(404);
  });

  it('takes the key of the runner itself, and of no other runner', async () => {
    const { runnerId } = runner;
    const secret = readFileSync(join(two.app.get(RelayConfig).dataDir, 'enrolment-secret'), 'utf8');
    const enrolled = await new RelayApi(two.url).post<{ apiKey: string }>('/api/runners/enrol', {
      secret,
      runnerId,
      name: 'local',
    });
    const itself = new RelayApi(one.url, enrolled.body.apiKey);
    const fire = (id: string) =>
      itself.post(`/api/runners/${id}/trigger-broadcast`, { type: 'time:tick', payload: {} });
    expect(await fire(runnerId)).toMatchObject({ status: 202 });
    const other = await ScriptedRunner.connect(ada);
    expect(await fire(other.runnerId)).toMatchObject({ status: 404 });
    other.stop();
  });

  it('is the same trigger for the same Idempotency-Key', async () => {
    const worker = await subscribed();
    const key = { 'idempotency-key': 'once' };
    const [a, b] = [await broadcast({ payload: { n: 1 } }, key), await broadcast({ payload: { n: 1 } }, key)];
    expect(b).toMatchObject({ status: 202, body: a.body });
    expect(await broadcast({ payload: { n: 2 } }, key)).toMatchObject({
      status: 409,
      body: { code: 'idempotency_mismatch' },
    });
    const after = await broadcast({ payload: { n: 3 } });
    await expect
      .poll(() => worker.received.map(({ triggerId }) => triggerId))
      .toEqual([a.body.triggerId, after.body.triggerId]);
    worker.stop();
  });

  it('recalls nothing when a subscription ends, and reaches nobody afterwards', async () => {
    const worker = await subscribed();
    worker.stop();
    const before = await broadcast({ payload: { n: 1 } });
    await ada.delete(`/api/sessions/${worker.sessionId}/trigger-subscriptions/${encodeURIComponent('time:tick')}`);
    expect(await broadcast({ payload: { n: 2 } })).toMatchObject({ body: { subscriptions: 0 } });
    const back = await runner.startWorker(worker.sessionId, one.url);
    await expect.poll(() => back.received.map(({ triggerId }) => triggerId)).toEqual([before.body.triggerId]);
    back.stop();
  });

  it('keeps to the limit of the history, and forgets it when told to', async () => {
    const worker = await subscribed();
    for (let n = 0; n < 205; n++) await broadcast({ payload: { n } });
    await expect.poll(() => worker.received).toHaveLength(205);
    const path = `/api/sessions/${worker.sessionId}/triggers`;
    const list = async (query = '') => (await ada.get<{ triggers: TriggerHistoryEntry[] }>(path + query)).body.triggers;
    await expect
      .poll(async () => (await list('?limit=1000')).map(({ payload }) => payload['n']))
      .toEqual(Array.from({ length: 200 }, (_, at) => 204 - at));
    expect(await list()).toHaveLength(50);
    expect(await ada.delete(path)).toMatchObject({ status: 204 });
    expect(await list()).toEqual([]);
    worker.stop();
  });

  describe('refuses, and does nothing by halves:', () => {
    it.each([
      ['a type that nobody declared', { type: 'git:push' }, 422, 'unknown_trigger_type'],
      ['no type', { type: '' }, 400, 'invalid_request'],
      ['a payload that is a list', { payload: [1] }, 400, 'invalid_request'],
      ['no payload', { payload: undefined }, 400, 'invalid_request'],
      ['null for a payload', { payload: null }, 400, 'invalid_request'],
      ['a field that no object may have', { source: { constructor: 1 } }, 400, 'invalid_request'],
      ['an unknown way to deliver', { deliverAs: 'now' }, 400, 'invalid_request'],
      ['a payload over the limit', { payload: { text: 'x'.repeat(256 * 1024) } }, 413, 'payload_too_large'],
    ])('%s', async (_name, request, status, code) => {
      expect(await broadcast(request)).toMatchObject({ status, body: { code } });
    });

    it("somebody else's runner, session and trigger", async () => {
      const worker = await subscribed();
      const { triggerId } = (await broadcast({})).body;
      const request = { type: 'time:tick', payload: {} };
      for (const answer of [
        await bob.post(`/api/runners/${runner.runnerId}/trigger-broadcast`, request),
        await bob.post(`/api/sessions/${worker.sessionId}/trigger`, request),
        await bob.get(`/api/triggers/${triggerId}`),
        await bob.get(`/api/sessions/${worker.sessionId}/triggers`),
        await bob.get(`/api/sessions/${worker.sessionId}/waiting-triggers`),
        await bob.delete(`/api/sessions/${worker.sessionId}/triggers`),
        await ada.get('/api/triggers/trg_unknown'),
      ])
        expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
      worker.stop();
    });

    it('a session that has ended, but for a retry of what was accepted before', async () => {
      const worker = await subscribed();
      worker.stop();
      const session = `/api/sessions/${worker.sessionId}`;
      await expect.poll(() => ada.get(session)).toMatchObject({ body: { isConnected: false } });
      const fire = (headers = {}) =>
        ada.post<TriggerFiredDto>(`${session}/trigger`, { type: 'any', payload: {} }, headers);
      const before = await fire({ 'idempotency-key': 'crashed' });
      expect(before).toMatchObject({ status: 202 });
      await loseAnswer(one, ada, `${session}/trigger`, 'crashed');
      await ada.post(`${session}/stop`);
      expect(await fire()).toMatchObject({ status: 409, body: { code: 'session_ended' } });
      expect(await fire({ 'idempotency-key': 'crashed' })).toMatchObject({ status: 202, body: before.body });
      expect(await broadcast({})).toMatchObject({ status: 202, body: { subscriptions: 0 } });
    });
  });
});
