import type { RunnerOrder, SessionView } from '@pizzapi/protocol';
import { ScriptedRunner } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';
import { sessionKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { SessionInbox } from '../../deliveries/index.js';
import { RunnerInbox } from '../../runners/index.js';
import { spawnOrderId } from './order-spawn.js';

const EPOCH = 20;

describe('a paused session', () => {
  let cluster: TestCluster;
  let relay: TestRelay;
  let ada: TestAccount;
  let runner: ScriptedRunner;
  beforeAll(async () => {
    cluster = await startCluster();
    relay = await cluster.start();
    ada = await relay.account('ada');
    runner = await ScriptedRunner.connect(ada);
  });
  afterAll(async () => {
    runner.stop();
    await cluster[Symbol.asyncDispose]();
  });

  /** A session whose worker has run and left. */
  async function left(): Promise<string> {
    const { body } = await ada.post<SessionView>('/api/sessions', { runnerId: runner.runnerId });
    const { sessionId } = body;
    await expect.poll(() => orders(sessionId)).toHaveLength(1);
    const worker = await runner.startWorker(sessionId, ada.baseUrl, EPOCH);
    await runner.report({ sessionId, state: 'started', cwd: '/srv/code', epoch: EPOCH });
    worker.stop();
    await expect.poll(() => session(sessionId)).toMatchObject({ status: 'active', isConnected: false });
    return sessionId;
  }

  async function paused(): Promise<string> {
    const sessionId = await left();
    expect(await runner.report({ sessionId, state: 'paused', epoch: EPOCH })).toEqual({ ok: true });
    return sessionId;
  }

  async function session(sessionId: string): Promise<SessionView> {
    return (await ada.get<SessionView>(`/api/sessions/${sessionId}`)).body;
  }

  function orders(sessionId: string): RunnerOrder[] {
    return runner.orders.filter((order) => order.sessionId === sessionId);
  }

  it('stays active, and sleeps until something is said to it', async () => {
    const sessionId = await paused();
    expect(await session(sessionId)).toMatchObject({ status: 'active', activity: 'paused', isConnected: false });
    expect(orders(sessionId)).toHaveLength(1);
    expect(await ada.post(`/api/sessions/${sessionId}/input`, { text: 'Good morning' })).toMatchObject({ status: 202 });
    await expect
      .poll(() => orders(sessionId).slice(1))
      .toMatchObject([{ order: 'spawn', cwd: '/srv/code', isResume: true }]);
    const worker = await runner.startWorker(sessionId, ada.baseUrl, EPOCH + 1);
    await expect.poll(() => worker.received).toMatchObject([{ text: 'Good morning' }]);
    worker.stop();
  });

  it('is woken by a trigger', async () => {
    const sessionId = await paused();
    const fired = await ada.post(`/api/sessions/${sessionId}/trigger`, { type: 'time:tick', payload: {} });
    expect(fired).toMatchObject({ status: 202 });
    await expect.poll(() => orders(sessionId)).toHaveLength(2);
  });

  it('is woken at once for what came while its worker was on its way out', async () => {
    const sessionId = await left();
    await ada.post(`/api/sessions/${sessionId}/input`, { text: 'Wait' });
    expect(orders(sessionId)).toHaveLength(1);
    await runner.report({ sessionId, state: 'paused', epoch: EPOCH });
    await expect.poll(() => orders(sessionId)).toHaveLength(2);
  });

  it('is not taken for paused by what an earlier worker is said to have done', async () => {
    const sessionId = await left();
    const worker = await runner.startWorker(sessionId, ada.baseUrl, EPOCH + 1);
    await runner.report({ sessionId, state: 'paused', epoch: EPOCH });
    expect((await session(sessionId)).activity).not.toBe('paused');
    worker.stop();
  });

  it('is woken for a command, which waits for its worker; an abort finds nothing to break off', async () => {
    const sessionId = await paused();
    expect(await ada.post(`/api/sessions/${sessionId}/abort`)).toMatchObject({ status: 204 });
    expect(orders(sessionId)).toHaveLength(1);
    const switched = ada.post(`/api/sessions/${sessionId}/model`, { provider: 'demo', id: 'demo' });
    await expect.poll(() => orders(sessionId)).toHaveLength(2);
    const worker = await runner.startWorker(sessionId, ada.baseUrl, EPOCH + 1);
    expect(await switched).toMatchObject({ status: 204 });
    worker.stop();
  });

  it('is not started by an order that was still on its way when it was stopped', async () => {
    const sessionId = await paused();
    expect(await ada.post(`/api/sessions/${sessionId}/stop`)).toMatchObject({ body: { status: 'ended' } });
    await expect.poll(() => orders(sessionId).map(({ order }) => order)).toEqual(['spawn', 'stop']);
    // As of a relay that had found the session paused right before.
    const inbox = relay.app.get(RunnerInbox, { strict: false });
    await inbox.append(runner.runnerId, spawnOrderId(sessionId), { order: 'spawn', sessionId, isResume: true });
    const later = await paused();
    await ada.post(`/api/sessions/${later}/input`, { text: 'Good morning' });
    await expect.poll(() => orders(later)).toHaveLength(2);
    expect(orders(sessionId).map(({ order }) => order)).toEqual(['spawn', 'stop']);
    // Nor is it in the way of the order by which a person resumes the session.
    expect(await ada.post(`/api/sessions/${sessionId}/resume`)).toMatchObject({ status: 202 });
    await expect.poll(() => orders(sessionId).map(({ order }) => order)).toEqual(['spawn', 'stop', 'spawn']);
  });

  it('is woken by the next relay when the one that took a delivery died before it could', async () => {
    const sessionId = await paused();
    // Nobody is asked: as if the relay had been killed right after the append.
    await relay.app.get(Redis, { strict: false }).commands.hdel(sessionKeys.meta(sessionId), 'feed');
    const ts = new Date().toISOString();
    const item = { deliveryId: 'inp_late', kind: 'input', deliverAs: 'prompt', ts, text: 'Late' } as const;
    await relay.app.get(SessionInbox, { strict: false }).append(sessionId, item);
    expect(orders(sessionId)).toHaveLength(1);
    await relay.stop();
    relay = await cluster.start();
    const again = await ScriptedRunner.connect(Object.assign(ada, { baseUrl: relay.url }), 'again', {
      runnerId: runner.runnerId,
    });
    await expect.poll(() => again.orders.filter((order) => order.sessionId === sessionId)).toHaveLength(1);
    again.stop();
  });
});
