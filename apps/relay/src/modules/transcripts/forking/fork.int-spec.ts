import type { RunnerOrder, SessionView, TranscriptKind } from '@pizzapi/protocol';
import { ScriptedRunner, type ScriptedWorker } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';

describe('a fork of a session', () => {
  let cluster: TestCluster;
  let relay: TestRelay;
  let ada: TestAccount;
  let bob: TestAccount;
  let runner: ScriptedRunner;

  beforeAll(async () => {
    cluster = await startCluster();
    relay = await cluster.start();
    ada = await relay.account('ada');
    bob = await relay.account('bob');
    runner = await ScriptedRunner.connect(ada);
  });
  afterAll(async () => {
    runner.stop();
    await cluster[Symbol.asyncDispose]();
  });

  async function running(): Promise<{ sessionId: string; worker: ScriptedWorker }> {
    const request = { runnerId: runner.runnerId, cwd: '/srv/code/app', name: 'Bake' };
    const { body } = await ada.post<{ sessionId: string }>('/api/sessions', request);
    const worker = await runner.startWorker(body.sessionId, relay.url);
    return { sessionId: body.sessionId, worker };
  }
  function entry(
    worker: ScriptedWorker,
    entryId: string,
    parentId: string | null,
    kind: TranscriptKind = 'user',
  ): void {
    const content = { role: 'custom', content: `Said: ${entryId}`, details: { id: `inp_${entryId}` } };
    worker.send({ type: 'entry.appended', data: { entryId, kind, ts: new Date().toISOString(), content, parentId } });
  }
  const view = async (sessionId: string): Promise<SessionView> =>
    (await ada.get<SessionView>(`/api/sessions/${sessionId}`)).body;
  const orderOf = (sessionId: string): RunnerOrder | undefined =>
    runner.orders.find((order) => order.order === 'spawn' && order.sessionId === sessionId);
  async function fork(sessionId: string, body: object, headers = {}): Promise<string> {
    const answer = await ada.post<{ sessionId: string }>(`/api/sessions/${sessionId}/fork`, body, headers);
    expect(answer).toMatchObject({ status: 202, body: { status: 'pending' } });
    return answer.body.sessionId;
  }

  it('continues after the last entry, on the same runner and in the same folder', async () => {
    const { sessionId, worker } = await running();
    entry(worker, 'a', null);
    entry(worker, 'b', 'a', 'assistant');
    entry(worker, 'c', 'b');
    worker.send({ type: 'branch.changed', data: { leafId: 'b' } });
    await worker.flushed();
    // Immediately: entries that have not reached the transcript yet belong to it as well.
    const forkId = await fork(sessionId, {});
    expect(await view(forkId)).toMatchObject({
      name: 'Bake (fork)',
      runnerId: runner.runnerId,
      parentSessionId: null,
      forkedFrom: { sessionId, entryId: 'b' },
    });
    await expect
      .poll(() => orderOf(forkId))
      .toMatchObject({
        cwd: '/srv/code/app',
        forkOf: { sessionId, entryId: 'b' },
        isResume: false,
      });
    expect((await view(sessionId)).forkedFrom).toBeNull();
    worker.stop();
  });

  it('continues from before a message on any branch, and is created once however often it is requested', async () => {
    const { sessionId, worker } = await running();
    entry(worker, 'a', null);
    entry(worker, 'b', 'a', 'assistant');
    entry(worker, 'c', 'b');
    worker.send({ type: 'branch.changed', data: { leafId: 'a' } });
    await worker.flushed();
    const key = { 'Idempotency-Key': crypto.randomUUID() };
    const forkId = await fork(sessionId, { entryId: 'c', name: 'Other' }, key);
    expect(await fork(sessionId, { entryId: 'c', name: 'Other' }, key)).toBe(forkId);
    expect(await view(forkId)).toMatchObject({ name: 'Other', forkedFrom: { sessionId, entryId: 'b' } });

    // There is nothing before the first message, so no file has to be read.
    const emptyId = await fork(sessionId, { entryId: 'a' });
    expect(await view(emptyId)).toMatchObject({ forkedFrom: { sessionId, entryId: null } });
    await expect.poll(() => orderOf(emptyId)).toBeDefined();
    expect(orderOf(emptyId)).not.toHaveProperty('forkOf');
    worker.stop();
  });

  it('is resumed from its own file once it has one, and keeps the id of a deleted original', async () => {
    const { sessionId, worker } = await running();
    entry(worker, 'a', null);
    await worker.flushed();
    const forkId = await fork(sessionId, {});
    await runner.report({ sessionId: forkId, state: 'started' });
    await runner.report({ sessionId: forkId, state: 'ended' });
    expect(await view(forkId)).toMatchObject({ status: 'ended' });
    worker.stop();
    expect(await ada.delete(`/api/sessions/${sessionId}`)).toMatchObject({ status: 204 });
    expect(await ada.post(`/api/sessions/${forkId}/resume`, {})).toMatchObject({ status: 202 });
    const orders = (): RunnerOrder[] =>
      runner.orders.filter((order) => order.order === 'spawn' && order.sessionId === forkId);
    await expect.poll(() => orders().at(-1)).toMatchObject({ isResume: true });
    expect(orders().at(-1)).not.toHaveProperty('forkOf');
    expect(await view(forkId)).toMatchObject({ forkedFrom: { sessionId, entryId: 'a' } });
  });

  it('is refused with a named problem', async () => {
    const { sessionId, worker } = await running();
    const path = `/api/sessions/${sessionId}/fork`;
    expect(await ada.post(path, {})).toMatchObject({ status: 422, body: { code: 'nothing_to_fork' } });
    entry(worker, 'a', null);
    entry(worker, 'b', 'a', 'assistant');
    await worker.flushed();
    expect(await ada.post(path, { entryId: 'z' })).toMatchObject({ status: 422, body: { code: 'entry_unknown' } });
    expect(await ada.post(path, { entryId: 'b' })).toMatchObject({ status: 422, body: { code: 'entry_unknown' } });
    expect(await ada.post(path, { entryId: '' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'entryId' }] },
    });
    expect(await ada.post(path, { name: '' })).toMatchObject({ status: 400, body: { errors: [{ path: 'name' }] } });
    expect(await bob.post(path, {})).toMatchObject({ status: 404 });
    worker.stop();
  });

  it('is refused if the runner is too old for it, until it is updated', async () => {
    const runnerId = crypto.randomUUID();
    const old = await ScriptedRunner.connect(ada, 'old', { runnerId, abilities: undefined });
    const { body } = await ada.post<{ sessionId: string }>('/api/sessions', { runnerId });
    const path = `/api/sessions/${body.sessionId}/fork`;
    const worker = await old.startWorker(body.sessionId, relay.url);
    entry(worker, 'a', null);
    await worker.flushed();
    expect(await ada.post(path, {})).toMatchObject({ status: 409, body: { code: 'runner_too_old' } });
    // Nothing is copied, so it requires no new ability.
    expect(await ada.post(path, { entryId: 'a' })).toMatchObject({ status: 202 });
    old.stop();
    const updated = await ScriptedRunner.connect(ada, 'updated', { runnerId });
    expect(await ada.post(path, {})).toMatchObject({ status: 202 });
    worker.stop();
    updated.stop();
  });

  it('is refused if the runner was removed', async () => {
    const gone = await ScriptedRunner.connect(ada);
    const { body } = await ada.post<{ sessionId: string }>('/api/sessions', { runnerId: gone.runnerId });
    const worker = await gone.startWorker(body.sessionId, relay.url);
    entry(worker, 'a', null);
    await worker.flushed();
    worker.stop();
    await gone.report({ sessionId: body.sessionId, state: 'ended' });
    gone.stop();
    await expect.poll(() => ada.get(`/api/runners/${gone.runnerId}`)).toMatchObject({ body: { online: false } });
    expect(await ada.delete(`/api/runners/${gone.runnerId}`)).toMatchObject({ status: 204 });
    expect(await ada.post(`/api/sessions/${body.sessionId}/fork`, {})).toMatchObject({
      status: 409,
      body: { code: 'runner_removed' },
    });
  });
});
