import { type DeadLetterView, type DeliveryView, IdPrefix, type SessionView } from '@pizzapi/protocol';
import { ScriptedRunner } from '@pizzapi/testing';
import { Redis } from 'ioredis';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';
import { type NewDelivery, SessionInbox } from '../../deliveries/index.js';

const PATIENCE = { timeout: 25_000 };

describe('deliveries that nobody comes for', () => {
  let cluster: TestCluster;
  let relay: TestRelay;
  let ada: TestAccount;
  let runner: ScriptedRunner;
  let names = 0;

  beforeAll(async () => {
    cluster = await startCluster('sqlite');
    relay = await cluster.start({ PIZZAPI_INBOX_KEEP: '1s', PIZZAPI_SPAWN_MAX_WAIT: '1s' });
  });
  afterAll(() => cluster[Symbol.asyncDispose]());
  beforeEach(async () => {
    ada = await relay.account(`ada${names++}`);
    runner = await ScriptedRunner.connect(ada);
    return () => runner.stop();
  });

  const list = async (): Promise<DeadLetterView[]> =>
    (await ada.get<{ deadLetters: DeadLetterView[] }>('/api/dead-letters')).body.deadLetters;
  const session = async (sessionId: string): Promise<SessionView> =>
    (await ada.get<SessionView>(`/api/sessions/${sessionId}`)).body;
  const input = (text: string): NewDelivery => ({
    deliveryId: IdPrefix.input + v7(),
    kind: 'input',
    deliverAs: 'prompt',
    ts: new Date().toISOString(),
    text,
    authorId: ada.userId,
  });
  const indexed = async (): Promise<string[]> => {
    const redis = new Redis(cluster.redis.url);
    const members = await redis.zrange('pz:inboxes', 0, -1);
    redis.disconnect();
    return members;
  };

  it('keeps what a disconnected session did not come for in time, and delivers it when it is back', async () => {
    const first = await runner.startSession();
    const { sessionId } = first;
    await runner.report({ sessionId, state: 'started' });
    first.stop();
    await expect.poll(() => session(sessionId)).toMatchObject({ status: 'active', isConnected: false });
    expect(await ada.post(`/api/sessions/${sessionId}/input`, { text: 'too late' })).toMatchObject({ status: 202 });
    await expect
      .poll(() => list(), PATIENCE)
      .toMatchObject([{ sessionId, payload: 'too late', reason: { code: 'delivery_expired' } }]);
    await expect.poll(indexed, PATIENCE).not.toContain(sessionId);
    const second = await runner.startWorker(sessionId);
    const id = (await list())[0]?.deliveryId ?? '';
    expect(await ada.post(`/api/dead-letters/${id}/replay`)).toMatchObject({ status: 202 });
    await expect.poll(() => second.received.map(({ text }) => text)).toEqual(['too late']);
    second.stop();
  });

  it('leaves a session that waits for its runner what it is to start with; past its wait it starts by a replay', async () => {
    runner.stop();
    const answer = await ada.post<{ sessionId: string }>('/api/sessions', {
      runnerId: runner.runnerId,
      prompt: 'Fix the build',
    });
    const { sessionId } = answer.body;
    await expect.poll(() => session(sessionId), PATIENCE).toMatchObject({ status: 'failed' });
    await expect
      .poll(() => list(), PATIENCE)
      .toMatchObject([{ sessionId, payload: 'Fix the build', reason: { code: 'spawn_expired' } }]);
    runner = await ScriptedRunner.connect(ada, 'back', { runnerId: runner.runnerId });
    const id = (await list())[0]?.deliveryId ?? '';
    expect(await ada.post(`/api/dead-letters/${id}/replay`)).toMatchObject({ status: 202 });
    await expect.poll(() => runner.orders).toMatchObject([{ order: 'spawn', sessionId }]);
    const worker = await runner.startWorker(sessionId);
    await expect.poll(() => worker.received.map(({ text }) => text)).toEqual(['Fix the build']);
    expect(await list()).toEqual([]);
    worker.stop();
  });

  it("buries a listener's trigger past its wait, and starts the session for it once the runner is back", async () => {
    const { runnerId } = runner;
    const listener = { triggerType: 'time:tick', prompt: 'Look at it.', maxWaitMs: 1_000 };
    expect(await ada.post(`/api/runners/${runnerId}/trigger-listeners`, listener)).toMatchObject({ status: 201 });
    runner.stop();
    await expect.poll(() => ada.get(`/api/runners/${runnerId}`)).toMatchObject({ body: { online: false } });
    const trigger = { type: 'time:tick', payload: { n: 1 } };
    const fired = await ada.post<{ triggerId: string }>(`/api/runners/${runnerId}/trigger-broadcast`, trigger);
    expect(fired).toMatchObject({ status: 202, body: { listeners: 1 } });
    const { triggerId } = fired.body;
    const state = async (): Promise<DeliveryView | undefined> =>
      (await ada.get<{ deliveries: DeliveryView[] }>(`/api/triggers/${triggerId}`)).body.deliveries[0];
    await expect
      .poll(() => list(), PATIENCE)
      .toMatchObject([{ triggerId, type: 'time:tick', payload: { n: 1 }, reason: { code: 'spawn_expired' } }]);
    const [letter] = await list();
    expect(letter?.listenerId).toMatch(/^lst_/);
    // What the trigger's record says follows the letter.
    await expect.poll(state).toMatchObject({ state: 'dead', reason: 'spawn_expired', listenerId: letter?.listenerId });
    runner = await ScriptedRunner.connect(ada, 'back', { runnerId });
    expect(await ada.post(`/api/dead-letters/${letter?.deliveryId ?? ''}/replay`)).toMatchObject({ status: 202 });
    await expect.poll(() => runner.orders).toMatchObject([{ order: 'spawn', sessionId: letter?.sessionId }]);
    const worker = await runner.startWorker(letter?.sessionId ?? '');
    await expect.poll(state).toMatchObject({ state: 'received' });
    expect(worker.received).toMatchObject([{ kind: 'trigger', triggerId }]);
    expect(await list()).toEqual([]);
    worker.stop();
  });

  it('finds what came for a session after it had failed, or after it was deleted', async () => {
    const inbox = relay.app.get(SessionInbox, { strict: false });
    const { sessionId } = (await ada.post<{ sessionId: string }>('/api/sessions', { runnerId: runner.runnerId })).body;
    await runner.report({ sessionId, state: 'failed', failure: { code: 'worker_crashed', detail: 'It crashed.' } });
    await inbox.append(sessionId, input('after the failure'));
    await expect
      .poll(() => list(), PATIENCE)
      .toMatchObject([{ sessionId, payload: 'after the failure', reason: { code: 'worker_crashed' } }]);
    const deleted = v7();
    await inbox.append(deleted, input('after the deletion'));
    await expect
      .poll(() => list(), PATIENCE)
      .toMatchObject([
        { sessionId: deleted, payload: 'after the deletion', reason: { code: 'session_deleted' } },
        { sessionId },
      ]);
    await expect.poll(indexed, PATIENCE).toEqual([]);
  });
});
