import {
  type ApprovalRequest,
  type ApprovalView,
  ProblemCode,
  type SettledApproval,
  type SessionView,
  type TranscriptPage,
} from '@pizzapi/protocol';
import { ScriptedRunner, type ScriptedWorker, TestViewer } from '@pizzapi/testing';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../testing/relay-fixture.js';

let cluster: TestCluster;
let relay: TestRelay;
let other: TestRelay;
let ada: TestAccount;
let bob: TestAccount;
let runner: ScriptedRunner;
let sessionId: string;
let worker: ScriptedWorker;

beforeAll(async () => {
  cluster = await startCluster('postgres');
  relay = await cluster.start();
  other = await cluster.start();
  ada = await relay.account('ada');
  bob = await relay.account('bob');
  runner = await ScriptedRunner.connect(ada);
});
afterAll(async () => {
  runner.stop();
  await cluster[Symbol.asyncDispose]();
});
beforeEach(async () => {
  ({ sessionId } = (await ada.post<{ sessionId: string }>('/api/sessions', { runnerId: runner.runnerId })).body);
  await expect.poll(() => runner.orders.some((order) => order.sessionId === sessionId)).toBe(true);
  worker = await runner.startWorker(sessionId, other.url);
  worker.send({ type: 'session.opened', data: { epoch: 1, isResumed: false } });
});

function aRequest(): ApprovalRequest {
  return {
    approvalId: `apr_${v7()}`,
    toolCallId: 'call_1',
    askedAt: '2026-11-28T12:00:00.000Z',
    deadline: '2026-11-28T12:15:00.000Z',
    subject: {
      kind: 'tool',
      toolName: 'bash',
      args: { command: 'sudo reboot \u0000' },
      rule: { tool: 'bash', pattern: 'sudo *', source: '~/.pizzapi/config.json' },
    },
  };
}

function settled(request: ApprovalRequest, ending: Partial<SettledApproval> = {}): SettledApproval {
  const answeredBy = { userId: ada.userId, name: 'ada' };
  return {
    role: 'approval',
    ...request,
    outcome: 'allowed',
    settledAt: '2026-11-28T12:01:00.000Z',
    answeredBy,
    ...ending,
  };
}

function ask(request = aRequest()): ApprovalRequest {
  worker.send(
    { type: 'activity.changed', data: { activity: 'working' } },
    { type: 'approval.requested', data: request },
    { type: 'activity.changed', data: { activity: 'waiting' } },
  );
  return request;
}

function settle(approval: SettledApproval): void {
  const entry = { entryId: v7(), kind: 'notice' as const, ts: approval.settledAt, content: approval };
  worker.send({ type: 'entry.appended', data: entry });
}

const list = async (account = ada): Promise<ApprovalView[]> =>
  (await account.get<{ approvals: ApprovalView[] }>(`/api/sessions/${sessionId}/approvals`)).body.approvals;

describe('an approval', () => {
  it('is listed, shown in the session while it waits, and answered through the worker, from any replica', async () => {
    const request = ask();
    // Immediately: answering must not depend on the projector's progress.
    const answer = { decision: 'allow', scope: 'once', text: 'Fine.' };
    expect(await ada.post(`/api/approvals/${request.approvalId}`, answer)).toMatchObject({ status: 204 });
    expect(worker.commands).toEqual([
      { command: 'answer-approval', approvalId: request.approvalId, answer, by: { userId: ada.userId, name: 'ada' } },
    ]);
    await expect
      .poll(() => list())
      .toEqual([
        {
          ...request,
          sessionId,
          outcome: null,
          settledAt: null,
          answeredBy: null,
          scope: null,
          text: null,
          reason: null,
          seq: null,
        },
      ]);
    const session = async () => {
      const { activity, questions } = (await ada.get<SessionView>(`/api/sessions/${sessionId}`)).body;
      return { activity, questions };
    };
    const only = { activity: 'waiting', questions: { count: 1, latestId: request.approvalId } };
    await expect.poll(session).toEqual(only);
    // A second one, while the session already waits.
    const second = aRequest();
    worker.send({ type: 'approval.requested', data: second });
    await expect
      .poll(async () => (await list()).map(({ approvalId }) => approvalId))
      .toEqual([second.approvalId, request.approvalId]);
    expect((await session()).questions).toEqual({ count: 2, latestId: second.approvalId });

    settle(settled(request, { scope: 'once', text: 'Fine.' }));
    await expect
      .poll(() => list())
      .toMatchObject([
        { outcome: null },
        { outcome: 'allowed', answeredBy: { userId: ada.userId, name: 'ada' }, scope: 'once', text: 'Fine.' },
      ]);
    const { body } = await ada.get<TranscriptPage>(`/api/sessions/${sessionId}/transcript`);
    expect((await list())[1]?.seq).toBe(body.entries.at(-1)?.seq);
    expect((await session()).questions).toEqual({ count: 1, latestId: second.approvalId });
  });

  it('is answered once: repeating the answer succeeds, a different one is told who was first', async () => {
    const request = ask();
    settle(settled(request));
    await expect.poll(async () => (await list())[0]?.outcome).toBe('allowed');
    const path = `/api/approvals/${request.approvalId}`;
    expect(await ada.post(path, { decision: 'allow' })).toMatchObject({ status: 204 });
    expect(await ada.post(path, { decision: 'deny' })).toMatchObject({
      status: 409,
      body: {
        code: ProblemCode.approvalAnswered,
        detail: 'ada has answered this already: allowed, at 2026-11-28T12:01:00.000Z.',
      },
    });
    expect(worker.commands).toEqual([]);
  });

  it('passes on a refusal of the worker, which decides which answer was first', async () => {
    const { approvalId } = ask();
    const detail = 'Grace has answered this already.';
    worker.answerTo = () => ({ ok: false, problem: { code: ProblemCode.approvalAnswered, detail } });
    expect(await ada.post(`/api/approvals/${approvalId}`, { decision: 'deny' })).toMatchObject({
      status: 409,
      body: { code: ProblemCode.approvalAnswered, detail },
    });
  });

  it('is shown to browsers that connect later or reconnect', async () => {
    const request = ask();
    await worker.flushed();
    await expect.poll(() => list()).toHaveLength(1);
    const viewer = new TestViewer(relay.url, ada.apiKey ?? '', sessionId, null);
    try {
      await expect.poll(() => viewer.events.find(({ type }) => type === 'approval.requested')?.data).toEqual(request);
      settle(settled(request));
      await viewer.reached(worker.lastSeq);
      await expect.poll(async () => (await list())[0]?.outcome).toBe('allowed');
      const late = new TestViewer(relay.url, ada.apiKey ?? '', sessionId, null);
      await expect.poll(() => late.page?.entries).toMatchObject([{ kind: 'notice', content: settled(request) }]);
      late.stop();
      // Nothing is in progress any more.
      expect(late.events.some(({ type }) => type === 'approval.requested')).toBe(false);
    } finally {
      viewer.stop();
    }
  });

  it('cannot be seen or answered by other users, for whom it is like an unknown one', async () => {
    const { approvalId } = ask();
    await expect.poll(() => list()).toHaveLength(1);
    const foreign = await bob.post(`/api/approvals/${approvalId}`, { decision: 'allow' });
    const unknown = await bob.post(`/api/approvals/apr_${v7()}`, { decision: 'allow' });
    expect(foreign).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(unknown.body).toMatchObject({ detail: (foreign.body as { detail: string }).detail });
    expect((await bob.get(`/api/sessions/${sessionId}/approvals`)).status).toBe(404);
    expect((await bob.post('/api/approvals/apr_%00', { decision: 'allow' })).body).toMatchObject({ code: 'not_found' });
    expect(worker.commands).toEqual([]);
  });

  it("of one session is not changed by another session's worker", async () => {
    const request = ask();
    await expect.poll(() => list()).toHaveLength(1);
    const first = sessionId;
    ({ sessionId } = (await ada.post<{ sessionId: string }>('/api/sessions', { runnerId: runner.runnerId })).body);
    await expect.poll(() => runner.orders.some((order) => order.sessionId === sessionId)).toBe(true);
    worker = await runner.startWorker(sessionId, other.url);
    settle(settled(request));
    const own = ask();
    await expect.poll(async () => (await list()).map(({ approvalId }) => approvalId)).toEqual([own.approvalId]);
    sessionId = first;
    expect(await list()).toMatchObject([{ outcome: null }]);
  });

  it('can be answered while its worker is disconnected for a moment', async () => {
    const { approvalId } = ask();
    await expect.poll(() => list()).toHaveLength(1);
    const view = async () => (await ada.get<SessionView>(`/api/sessions/${sessionId}`)).body;
    worker.stop();
    await expect.poll(async () => (await view()).isConnected).toBe(false);
    const answered = ada.post(`/api/approvals/${approvalId}`, { decision: 'deny' });
    const next = await runner.startWorker(sessionId, relay.url);
    expect(await answered).toMatchObject({ status: 204 });
    expect(next.commands).toHaveLength(1);
  });

  it('is closed when its session ends, without a word from the worker', async () => {
    const { approvalId } = ask();
    await expect.poll(() => list()).toHaveLength(1);
    worker.stop();
    await expect
      .poll(async () => (await ada.get<SessionView>(`/api/sessions/${sessionId}`)).body.isConnected)
      .toBe(false);
    expect(await ada.post(`/api/approvals/${approvalId}`, { decision: 'allow' })).toMatchObject({
      status: 409,
      body: { code: ProblemCode.sessionDisconnected },
    });
    await ada.post(`/api/sessions/${sessionId}/stop`);
    await expect
      .poll(() => list())
      .toMatchObject([{ outcome: 'closed', answeredBy: null, reason: 'The session is ended.' }]);
    expect(await ada.post(`/api/approvals/${approvalId}`, { decision: 'allow' })).toMatchObject({
      status: 409,
      body: { code: ProblemCode.sessionEnded },
    });
  });

  it.each([
    {},
    { decision: 'maybe' },
    { decision: 'allow', scope: 'ever' },
    { decision: 'allow', text: 5 },
    { decision: 'allow', more: 1 },
  ])('is not answered by %j', async (answer) => {
    const { approvalId } = ask();
    expect((await ada.post(`/api/approvals/${approvalId}`, answer)).status).toBe(400);
    expect(worker.commands).toEqual([]);
  });
});
