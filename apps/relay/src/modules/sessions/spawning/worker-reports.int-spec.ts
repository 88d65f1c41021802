import type { WorkerReport } from '@pizzapi/protocol';
import { ScriptedRunner } from '@pizzapi/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster } from '../../../../testing/relay-fixture.js';

let cluster: TestCluster;
let ada: TestAccount;
let runner: ScriptedRunner;
beforeAll(async () => {
  cluster = await startCluster();
  ada = await (await cluster.start()).account('ada');
  runner = await ScriptedRunner.connect(ada);
});
afterAll(async () => {
  runner.stop();
  await cluster[Symbol.asyncDispose]();
});

const failure = { code: 'worker_crashed', detail: 'It crashed.' };

async function create(): Promise<string> {
  const { body } = await ada.post<{ sessionId: string }>('/api/sessions', { runnerId: runner.runnerId });
  return body.sessionId;
}

async function status(sessionId: string): Promise<string> {
  return (await ada.get<{ status: string }>(`/api/sessions/${sessionId}`)).body.status;
}

async function report(news: WorkerReport): Promise<string> {
  expect(await runner.report(news)).toEqual({ ok: true });
  return status(news.sessionId);
}

/** A session whose start failed in the first run, and which was asked for again. */
async function resumed(epoch: number): Promise<string> {
  const sessionId = await create();
  expect(await report({ sessionId, state: 'failed', failure, epoch })).toBe('failed');
  expect(await ada.post(`/api/sessions/${sessionId}/resume`)).toMatchObject({ status: 202 });
  return sessionId;
}

it('takes a repeated failure for what it is, while the next run waits and while it runs', async () => {
  const sessionId = await resumed(10);
  expect(await report({ sessionId, state: 'failed', failure, epoch: 10 })).toBe('pending');
  expect(await report({ sessionId, state: 'started', cwd: '/srv/code', epoch: 20 })).toBe('active');
  expect(await report({ sessionId, state: 'failed', failure, epoch: 10 })).toBe('active');
  expect(await report({ sessionId, state: 'ended', epoch: 10 })).toBe('active');
});

it('hears of the failure of the next run', async () => {
  const sessionId = await resumed(10);
  expect(await report({ sessionId, state: 'failed', failure, epoch: 20 })).toBe('failed');
});

it('hears of no failure of a worker before the one that is attached', async () => {
  const sessionId = await create();
  const worker = await runner.startWorker(sessionId, ada.baseUrl, 20);
  expect(await report({ sessionId, state: 'failed', failure, epoch: 10 })).toBe('active');
  expect(await report({ sessionId, state: 'failed', failure, epoch: 20 })).toBe('failed');
  worker.stop();
});

it('believes a daemon that tells no epoch', async () => {
  const sessionId = await resumed(10);
  expect(await report({ sessionId, state: 'failed', failure })).toBe('failed');
});

it('leaves nothing behind where a tree is stopped while it grows, and its workers have not told of their end', async () => {
  const startBelow = (parentSessionId: string) =>
    ada.post<{ sessionId: string }>('/api/sessions', { runnerId: runner.runnerId, parentSessionId });
  const parent = await create();
  const [child = '', failed = ''] = (await Promise.all([startBelow(parent), startBelow(parent)])).map(
    ({ body }) => body.sessionId,
  );
  expect(await report({ sessionId: failed, state: 'failed', failure })).toBe('failed');
  const workers = await Promise.all([parent, child].map((sessionId) => runner.startWorker(sessionId, ada.baseUrl)));
  const [stop, ...starts] = await Promise.all([
    ada.post(`/api/sessions/${parent}/stop?withChildren=true`),
    startBelow(child),
    startBelow(parent),
  ]);
  expect(stop.status).toBe(202);
  expect(await status(child)).toBe('active');
  expect(await startBelow(child)).toMatchObject({ status: 409, body: { code: 'session_ended' } });
  expect(await ada.post(`/api/sessions/${failed}/resume`)).toMatchObject({
    status: 409,
    body: { code: 'session_ended' },
  });
  for (const started of starts)
    if (started.status === 202) expect(await status(started.body.sessionId)).toBe('cancelled');
  for (const worker of workers) worker.stop();
});

it('deletes a tree that waits for its runner, with what its worker would have started', async () => {
  const parent = await create();
  const below = { runnerId: runner.runnerId, parentSessionId: parent };
  const child = (await ada.post<{ sessionId: string }>('/api/sessions', below)).body.sessionId;
  const [deleted] = await Promise.all([
    ada.delete(`/api/sessions/${parent}?withChildren=true`),
    runner.report({ sessionId: parent, state: 'started', cwd: '/srv/code', epoch: 10 }),
  ]);
  expect(deleted.status).toBe(204);
  expect((await ada.post('/api/sessions', below)).status).toBe(404);
  for (const sessionId of [parent, child]) expect((await ada.get(`/api/sessions/${sessionId}`)).status).toBe(404);
});
