import { type DeadLetterView, type DeliveryView, IdPrefix, type SessionView } from '@pizzapi/protocol';
import { connectHub, RelayApi, ScriptedRunner, type ScriptedWorker, TestViewer } from '@pizzapi/testing';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../testing/relay-fixture.js';
import { DeadLetterSink, type NewDelivery, RunnerBus, SessionInbox, TriggerRecords } from '../deliveries/index.js';
import { DeadLetterRepository } from './dead-letter.repository.js';

type Letter = DeadLetterView & { id: string };
interface Page {
  deadLetters: Letter[];
  nextCursor?: string;
}
interface Replayed {
  replayed: number;
  failed: { id: string; code: string; detail: string }[];
}

describe('dead letters on two replicas', () => {
  let cluster: TestCluster;
  let one: TestRelay;
  let two: TestRelay;
  let ada: TestAccount;
  let bob: TestAccount;
  let runner: ScriptedRunner;
  let names = 0;

  beforeAll(async () => {
    cluster = await startCluster('postgres');
    one = await cluster.start();
    two = await cluster.start();
    bob = await one.account('bob');
  });
  afterAll(() => cluster[Symbol.asyncDispose]());
  beforeEach(async () => {
    // An account of its own for each test: lists and counts are the owner's.
    ada = await one.account(`ada${names++}`);
    runner = await ScriptedRunner.connect(ada);
  });
  afterEach(() => runner.stop());

  const create = async (request: object = {}): Promise<string> => {
    const answer = await ada.post<{ sessionId: string }>('/api/sessions', { runnerId: runner.runnerId, ...request });
    expect(answer.status).toBe(202);
    return answer.body.sessionId;
  };
  const fire = async (sessionId: string, n: number): Promise<string> => {
    const request = { type: 'time:tick', payload: { n }, summary: `Tick ${n}` };
    const answer = await ada.post<{ triggerId: string }>(`/api/sessions/${sessionId}/trigger`, request);
    expect(answer.status).toBe(202);
    return answer.body.triggerId;
  };
  const say = async (sessionId: string, text: string): Promise<string> =>
    (await ada.post<{ inputId: string }>(`/api/sessions/${sessionId}/input`, { text })).body.inputId;
  const fail = async (sessionId: string): Promise<void> => {
    const failure = { code: 'worker_start_failed', detail: 'No room on the disk.' };
    expect(await runner.report({ sessionId, state: 'failed', failure })).toEqual({ ok: true });
  };
  const waiting = (sessionId: string) => one.app.get(SessionInbox, { strict: false }).list(sessionId);
  /** The inbox is the last to forget: letter and record are written by then. */
  const buried = (sessionId: string): Promise<void> => expect.poll(() => waiting(sessionId)).toEqual([]);
  const session = async (sessionId: string): Promise<SessionView> =>
    (await ada.get<SessionView>(`/api/sessions/${sessionId}`)).body;
  const list = async (query = ''): Promise<Letter[]> =>
    (await ada.get<Page>(`/api/dead-letters${query}`)).body.deadLetters;
  const deliveryOf = async (triggerId: string): Promise<DeliveryView | undefined> =>
    (await ada.get<{ deliveries: DeliveryView[] }>(`/api/triggers/${triggerId}`)).body.deliveries[0];
  const replay = (id: string, api: RelayApi = ada) => api.post(`/api/dead-letters/${id}/replay`);
  const textsOf = (worker: ScriptedWorker): string[] => worker.received.map(({ text }) => text);
  /** A session with one dead trigger. */
  const withDeadTrigger = async (): Promise<{ sessionId: string; triggerId: string; letter: Letter }> => {
    const sessionId = await create();
    const triggerId = await fire(sessionId, 1);
    await expect.poll(() => waiting(sessionId)).toHaveLength(1);
    await fail(sessionId);
    await expect.poll(() => list()).toHaveLength(1);
    await buried(sessionId);
    const [letter] = await list();
    if (!letter) throw new Error('There is no dead letter.');
    return { sessionId, triggerId, letter };
  };

  it('keeps what waited for a session that failed, and delivers it once the session is started for it', async () => {
    const hub = await connectHub(two.url, { 'x-api-key': ada.apiKey ?? '' });
    const counts: number[] = [];
    hub.on('dead-letters:count', ({ count }) => counts.push(count));
    const sessionId = await create({ name: 'Doomed' });
    const triggerId = await fire(sessionId, 7);
    const inputId = await say(sessionId, 'hello');
    await expect.poll(() => waiting(sessionId)).toHaveLength(2);
    await fail(sessionId);
    await expect.poll(() => list()).toHaveLength(2);
    const reason = { code: 'worker_start_failed', detail: 'No room on the disk.' };
    const common = { sessionId, sessionName: 'Doomed', runnerId: runner.runnerId, reason, attempts: 0 };
    const letters = await list();
    expect(letters).toContainEqual(
      expect.objectContaining({
        ...common,
        kind: 'trigger',
        triggerId,
        type: 'time:tick',
        summary: 'Tick 7',
        payload: { n: 7 },
      }),
    );
    expect(letters).toContainEqual(
      expect.objectContaining({ ...common, id: inputId, kind: 'input', triggerId: null, type: null, payload: 'hello' }),
    );
    await buried(sessionId);
    await expect.poll(() => deliveryOf(triggerId)).toMatchObject({ state: 'dead', reason: 'worker_start_failed' });
    expect((await ada.get('/api/dead-letters/count')).body).toEqual({ count: 2 });
    await expect.poll(() => counts.at(-1)).toBe(2);
    expect(await (await fetch(`${one.url}/metrics`)).text()).toMatch(/^pizzapi_dead_letters [1-9]/m);

    // The latest death first; asked for in that order, they arrive in that of their acceptance.
    const many = await ada.post<Replayed>('/api/dead-letters/replay', { ids: letters.map(({ id }) => id) });
    expect(many).toMatchObject({ status: 202, body: { replayed: 2, failed: [] } });
    expect(await session(sessionId)).toMatchObject({ status: 'pending', failure: null });
    expect(await list()).toEqual([]);
    const worker = await runner.startWorker(sessionId, two.url);
    await expect.poll(() => worker.received.map(({ kind }) => kind)).toEqual(['trigger', 'input']);
    await expect.poll(() => deliveryOf(triggerId)).toMatchObject({ state: 'received' });
    await expect.poll(() => counts.at(-1)).toBe(0);
    hub.disconnect();
    worker.stop();
  });

  it('keeps what waited for a deleted session, which can only be discarded', async () => {
    const sessionId = await create({ name: 'Gone' });
    const triggerId = await fire(sessionId, 1);
    await say(sessionId, 'unheard');
    await expect.poll(() => waiting(sessionId)).toHaveLength(2);
    expect(await ada.delete(`/api/sessions/${sessionId}`)).toMatchObject({ status: 204 });
    await expect.poll(() => list()).toHaveLength(2);
    await buried(sessionId);
    const [trigger] = await list('?type=time:tick');
    expect(trigger).toMatchObject({
      triggerId,
      sessionName: 'Gone',
      runnerId: runner.runnerId,
      reason: { code: 'session_deleted' },
    });
    const id = trigger?.id ?? '';
    expect(await replay(id)).toMatchObject({ status: 409, body: { code: 'session_deleted' } });
    expect(await ada.delete(`/api/dead-letters/${id}`)).toMatchObject({ status: 204 });
    expect(await deliveryOf(triggerId)).toMatchObject({ state: 'discarded' });
    const [input] = await list();
    const ids = [input?.id ?? '', id];
    expect((await ada.post('/api/dead-letters/discard', { ids })).body).toMatchObject({
      discarded: 1,
      failed: [{ id, code: 'not_found' }],
    });
    expect(await list()).toEqual([]);
  });

  it('takes what a fan-out has given up, and replays it to a session that runs', async () => {
    const worker = await runner.startSession({ relayUrl: two.url });
    const { sessionId } = worker;
    const item: NewDelivery = {
      deliveryId: IdPrefix.input + v7(),
      kind: 'input',
      deliverAs: 'prompt',
      ts: new Date().toISOString(),
      text: 'late',
    };
    const { port } = one.app.get(DeadLetterSink, { strict: false });
    await port.bury([{ sessionId, item }], { code: 'fan_out_failed', detail: 'Redis was full.' }, 12);
    expect(await list()).toMatchObject([{ id: item.deliveryId, attempts: 12, reason: { code: 'fan_out_failed' } }]);
    expect(await replay(item.deliveryId)).toMatchObject({
      status: 202,
      body: { deliveryId: item.deliveryId, state: 'waiting' },
    });
    await expect.poll(() => textsOf(worker)).toEqual(['late']);
    worker.stop();
  });

  it('says of an ended and of a cancelled session what to do first', async () => {
    const ended = await withDeadTrigger();
    await ada.post(`/api/sessions/${ended.sessionId}/resume`);
    await runner.report({ sessionId: ended.sessionId, state: 'started' });
    await ada.post(`/api/sessions/${ended.sessionId}/stop`);
    await expect.poll(() => session(ended.sessionId)).toMatchObject({ status: 'ended' });
    const answer = await replay(ended.letter.id);
    expect(answer).toMatchObject({ status: 409, body: { code: 'session_ended' } });
    expect(JSON.stringify(answer.body)).toContain('resume it');
    expect(await list()).toHaveLength(1);
    await ada.post(`/api/sessions/${ended.sessionId}/resume`);
    const many = await ada.post<Replayed>('/api/dead-letters/replay', { ids: [ended.letter.id, 'dlv_unknown'] });
    expect(many.body).toMatchObject({ replayed: 1, failed: [{ id: 'dlv_unknown', code: 'not_found' }] });

    const cancelled = await withDeadTrigger();
    await ada.post(`/api/sessions/${cancelled.sessionId}/resume`);
    await ada.post(`/api/sessions/${cancelled.sessionId}/stop`);
    expect(await session(cancelled.sessionId)).toMatchObject({ status: 'cancelled' });
    const refusal = await replay(cancelled.letter.id);
    expect(refusal).toMatchObject({ status: 409, body: { code: 'session_ended' } });
    expect(JSON.stringify(refusal.body)).toContain('was cancelled');
  });

  it('delivers once what is replayed twice at the same time', async () => {
    const { sessionId, triggerId, letter } = await withDeadTrigger();
    const answers = await Promise.all([replay(letter.id), replay(letter.id, new RelayApi(two.url, ada.apiKey))]);
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    const worker = await runner.startWorker(sessionId, one.url);
    await expect.poll(() => deliveryOf(triggerId)).toMatchObject({ state: 'received' });
    const history = await ada.get<{ triggers: unknown[] }>(`/api/sessions/${sessionId}/triggers`);
    expect(history.body.triggers).toHaveLength(1);
    expect(worker.received).toHaveLength(1);
    worker.stop();
  });

  it('survives a crash between any two steps of a burial and of a replay', async () => {
    const { sessionId, triggerId, letter } = await withDeadTrigger();
    const row = await one.app.get(DeadLetterRepository, { strict: false }).find(letter.id);
    if (!row) throw new Error('The dead letter is not stored.');
    const { item } = row;
    const records = one.app.get(TriggerRecords, { strict: false });
    const bus = one.app.get(RunnerBus, { strict: false });
    const { port } = one.app.get(DeadLetterSink, { strict: false });

    // A replay that ended before its last step left everything: the session resumed, the record open, the delivery on the bus.
    expect(await ada.post(`/api/sessions/${sessionId}/resume`)).toMatchObject({ status: 202 });
    await records.reopen(runner.runnerId, triggerId, [letter.id]);
    await bus.append(runner.runnerId, sessionId, item);
    await bus.drain(runner.runnerId);
    expect(await list()).toHaveLength(1);
    expect(await replay(letter.id)).toMatchObject({ status: 202 });
    await bus.drain(runner.runnerId);
    expect(await waiting(sessionId)).toHaveLength(1);
    expect(await list()).toEqual([]);

    // A burial that ended before the inbox forgot, twice.
    const reason = { code: 'session_failed', detail: 'again' };
    await port.bury([{ sessionId, item }], reason, 1);
    await port.bury([{ sessionId, item }], reason, 1);
    expect(await list()).toHaveLength(1);
    expect(await replay(letter.id)).toMatchObject({ status: 202 });
    const worker = await runner.startWorker(sessionId, one.url);
    await expect.poll(() => deliveryOf(triggerId)).toMatchObject({ state: 'received' });

    // One that lost the race against the worker leaves no dead letter.
    await port.bury([{ sessionId, item }], reason, 1);
    expect(await list()).toEqual([]);
    expect(await deliveryOf(triggerId)).toMatchObject({ state: 'received' });
    expect(worker.received).toHaveLength(1);
    worker.stop();
  });

  it('keeps a dead letter that died again while it was replayed', async () => {
    const { letter } = await withDeadTrigger();
    const letters = one.app.get(DeadLetterRepository, { strict: false });
    const row = await letters.find(letter.id);
    if (!row) throw new Error('The dead letter is not stored.');
    await letters.save([{ ...row, diedAt: new Date(row.diedAt.getTime() + 1), attempts: 3 }]);
    await letters.remove([row]);
    expect(await list()).toMatchObject([{ id: letter.id, attempts: 3 }]);
  });

  it('pages and filters', async () => {
    const sessions = [await create(), await create()];
    for (const sessionId of sessions) {
      await fire(sessionId, 1);
      await say(sessionId, 'words');
      await expect.poll(() => waiting(sessionId)).toHaveLength(2);
      await fail(sessionId);
    }
    await expect.poll(() => list()).toHaveLength(4);
    const all = await list();
    const first = (await ada.get<Page>('/api/dead-letters?limit=3')).body;
    const second = (await ada.get<Page>(`/api/dead-letters?limit=3&cursor=${first.nextCursor ?? ''}`)).body;
    expect([...first.deadLetters, ...second.deadLetters]).toEqual(all);
    expect(second.nextCursor).toBeUndefined();
    expect(await list(`?sessionId=${sessions[0] ?? ''}`)).toHaveLength(2);
    expect(await list('?type=time:tick')).toHaveLength(2);
    const counts: [query: string, count: number][] = [
      ['', 4],
      [`?sessionId=${sessions[0] ?? ''}&type=time:tick`, 1],
      ['?type=time:tock', 0],
    ];
    for (const [query, count] of counts)
      expect((await ada.get(`/api/dead-letters/count${query}`)).body, query).toEqual({ count });
    const [letter] = all;
    expect((await ada.get(`/api/dead-letters/${letter?.id ?? ''}`)).body).toEqual(letter);
    expect(await ada.get('/api/dead-letters?cursor=nonsense')).toMatchObject({ status: 400 });
    const tooMany = Array.from({ length: 501 }, () => `dlv_${v7()}`);
    for (const ids of [[], tooMany])
      expect(await ada.post('/api/dead-letters/replay', { ids })).toMatchObject({ status: 400 });
  });

  it('are their owner’s only', async () => {
    const { letter } = await withDeadTrigger();
    const path = `/api/dead-letters/${letter.id}`;
    for (const answer of await Promise.all([bob.get(path), bob.post(`${path}/replay`), bob.delete(path)]))
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await bob.get('/api/dead-letters')).body).toEqual({ deadLetters: [] });
    expect((await bob.get('/api/dead-letters/count')).body).toEqual({ count: 0 });
    const failed = [{ id: letter.id, code: 'not_found' }];
    expect((await bob.post('/api/dead-letters/replay', { ids: [letter.id] })).body).toMatchObject({
      replayed: 0,
      failed,
    });
    expect((await bob.post('/api/dead-letters/discard', { ids: [letter.id] })).body).toMatchObject({
      discarded: 0,
      failed,
    });
    expect(await list()).toHaveLength(1);
  });

  it('tells those who watch a session that its deliveries change', async () => {
    const sessionId = await create();
    const viewer = new TestViewer(two.url, ada.apiKey ?? '', sessionId, null);
    let told = 0;
    viewer.socket.on('session:deliveries-changed', (message) => {
      expect(message).toEqual({ sessionId });
      told++;
    });
    // On attaching, because it may have read them before.
    await expect.poll(() => told).toBe(1);
    await fire(sessionId, 1);
    await expect.poll(() => told).toBe(2);
    await fail(sessionId);
    await expect.poll(() => told).toBe(3);
    expect(await ada.delete(`/api/sessions/${sessionId}/triggers`)).toMatchObject({ status: 204 });
    await expect.poll(() => told).toBe(4);
    viewer.stop();
  });
});
