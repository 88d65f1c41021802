import type { BranchPoint, ForkView, TranscriptPage } from '@pizzapi/protocol';
import { ScriptedRunner, type ScriptedWorker, TestViewer } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';

describe('branches', () => {
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
    const { body } = await ada.post<{ sessionId: string }>('/api/sessions', { runnerId: runner.runnerId });
    const worker = await runner.startWorker(body.sessionId, relay.url);
    return { sessionId: body.sessionId, worker };
  }
  function entry(worker: ScriptedWorker, entryId: string, parentId: string | null): void {
    const content = { role: 'custom', content: `Said: ${entryId}`, details: { id: `inp_${entryId}` } };
    const data = { entryId, kind: 'user' as const, ts: new Date().toISOString(), content, parentId };
    worker.send({ type: 'entry.appended', data });
  }
  const shown = async (sessionId: string): Promise<string[]> =>
    (await ada.get<TranscriptPage>(`/api/sessions/${sessionId}/transcript`)).body.entries.map(({ entryId }) => entryId);
  const forks = async (sessionId: string): Promise<ForkView[]> =>
    (await ada.get<{ forks: ForkView[] }>(`/api/sessions/${sessionId}/branches`)).body.forks;

  it('show the entries of the current branch, and where there are others', async () => {
    const { sessionId, worker } = await running();
    entry(worker, 'a', null);
    entry(worker, 'b', 'a');
    entry(worker, 'c', 'b');
    await worker.flushed();
    await expect.poll(() => shown(sessionId)).toEqual(['a', 'b', 'c']);
    expect(await forks(sessionId)).toEqual([]);

    worker.send({ type: 'branch.changed', data: { leafId: 'a' } });
    await worker.flushed();
    await expect.poll(() => shown(sessionId)).toEqual(['a']);
    expect(await forks(sessionId)).toMatchObject([
      { parentEntryId: 'a', isAhead: true, branches: [{ entryId: 'b', text: 'Said: b', isCurrent: false }] },
    ]);

    entry(worker, 'd', 'a');
    await worker.flushed();
    await expect.poll(() => shown(sessionId)).toEqual(['a', 'd']);
    expect(await forks(sessionId)).toMatchObject([
      { parentEntryId: 'a', isAhead: false, branches: [{ entryId: 'b' }, { entryId: 'd', isCurrent: true }] },
    ]);

    worker.send({ type: 'branch.changed', data: { leafId: 'c' } });
    entry(worker, 'e', 'c');
    await worker.flushed();
    await expect.poll(() => shown(sessionId)).toEqual(['a', 'b', 'c', 'e']);

    // A viewer that attaches now gets that branch, and the number from which entries belong to it.
    const viewer = new TestViewer(relay.url, ada.apiKey ?? '', sessionId, null);
    await expect.poll(() => viewer.state).toMatchObject({ branchSeq: 6 });
    viewer.stop();
    worker.stop();
  });

  it('are switched by the worker, for users who may see the session', async () => {
    const { sessionId, worker } = await running();
    entry(worker, 'a', null);
    await worker.flushed();
    await expect.poll(() => shown(sessionId)).toEqual(['a']);
    const path = `/api/sessions/${sessionId}/branch`;
    const to = (entryId: string, at: BranchPoint | 'after') => ({ entryId, at });
    expect(await ada.post(path, to('a', 'before'))).toMatchObject({ status: 204 });
    expect(worker.commands).toEqual([{ command: 'branch', entryId: 'a', at: 'before' }]);
    expect(await ada.post(path, to('z', 'end'))).toMatchObject({ status: 422, body: { code: 'entry_unknown' } });
    expect(await ada.post(path, to('a', 'after'))).toMatchObject({ status: 400 });
    worker.answerTo = () => ({ ok: false, problem: { code: 'session_busy', detail: 'The agent is working.' } });
    expect(await ada.post(path, to('a', 'end'))).toMatchObject({ status: 409, body: { code: 'session_busy' } });
    expect(await bob.post(path, to('a', 'end'))).toMatchObject({ status: 404 });
    expect((await bob.get(`/api/sessions/${sessionId}/branches`)).status).toBe(404);
    worker.stop();
  });
});
