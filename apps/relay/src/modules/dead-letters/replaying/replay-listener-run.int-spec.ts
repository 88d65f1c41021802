import { type DeliveryView, IdPrefix, type SessionView } from '@pizzapi/protocol';
import { ScriptedRunner } from '@pizzapi/testing';
import { Queue } from 'bullmq';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dueNow } from '../../../../testing/due-now.js';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';
import { Database } from '../../../platform/database/database.js';
import { Queues } from '../../../platform/queues/queues.js';
import { runnerKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import {
  DeadLetterSink,
  deliveryIdOf,
  RunnerBus,
  sessionIdOf,
  triggerItem,
  TriggerRecords,
} from '../../deliveries/index.js';

describe('what died before there was a session', () => {
  let cluster: TestCluster;
  let one: TestRelay;
  let ada: TestAccount;
  let runner: ScriptedRunner;

  beforeAll(async () => {
    cluster = await startCluster();
    one = await cluster.start();
    ada = await one.account('ada');
    runner = await ScriptedRunner.connect(ada);
  });
  afterAll(async () => {
    runner.stop();
    await cluster[Symbol.asyncDispose]();
  });

  const sessionOf = async (sessionId: string): Promise<SessionView> =>
    (await ada.get<SessionView>(`/api/sessions/${sessionId}`)).body;
  const deliveryOf = async (triggerId: string): Promise<DeliveryView | undefined> =>
    (await ada.get<{ deliveries: DeliveryView[] }>(`/api/triggers/${triggerId}`)).body.deliveries[0];

  /** A trigger that a listener waits for, accepted while nobody reads the bus. */
  const accepted = async (options = {}) => {
    const request = { triggerType: 'time:tick', prompt: 'Look', ...options };
    const path = `/api/runners/${runner.runnerId}/trigger-listeners`;
    const made = await ada.post<{ listenerId: string }>(path, request);
    expect(made).toMatchObject({ status: 201 });
    const { listenerId } = made.body;
    const trigger = {
      triggerId: IdPrefix.trigger + v7(),
      type: 'time:tick',
      payload: { n: 1 },
      source: 'test',
      deliverAs: 'followUp' as const,
      ts: new Date().toISOString(),
    };
    const records = one.app.get(TriggerRecords, { strict: false });
    await records.accept(runner.runnerId, trigger, { sessions: [], listeners: [{ listenerId }] });
    return { listenerId, trigger };
  };
  const queue = (name: string): Queue =>
    new Queue(name, { connection: one.app.get(Redis).connect('test'), prefix: '{pz:queues}' });
  /** Its job, as the bus adds it. @returns the queue */
  const started = async (listenerId: string, triggerId: string): Promise<Queue> => {
    const { runnerId } = runner;
    await one.app.get(Queues).add('run-listener', `${listenerId}.${triggerId}`, { runnerId, triggerId, listenerId });
    return queue('listeners');
  };
  /** While nothing has to wait. */
  const letters = async (jobs: Queue): Promise<unknown> => {
    await dueNow(jobs);
    return (await ada.get('/api/dead-letters')).body;
  };
  const query = (sql: string): Promise<unknown> => one.app.get(Database).write((transaction) => transaction.query(sql));
  const refuse = (table: string): Promise<unknown> =>
    query(
      `CREATE TRIGGER refuse_${table} BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'The disk is full.'); END`,
    );
  const takeAgain = (table: string): Promise<unknown> => query(`DROP TRIGGER refuse_${table}`);

  it('is a run of a listener, buried when the database takes writes again, however long it took none', async () => {
    await refuse('sessions');
    await refuse('dead_letters');
    const { listenerId, trigger } = await accepted();
    const { triggerId } = trigger;
    const jobs = await started(listenerId, triggerId);
    const tried = async (): Promise<number> => {
      await dueNow(jobs);
      return (await jobs.getJob(`${listenerId}.${triggerId}`))?.attemptsMade ?? 0;
    };
    await expect.poll(tried).toBeGreaterThan(12);
    await takeAgain('dead_letters');
    const deliveryId = deliveryIdOf(triggerId, listenerId);
    const buried = { deadLetters: [{ deliveryId, reason: { code: 'fan_out_failed' } }] };
    await expect.poll(() => letters(jobs)).toMatchObject(buried);
    await jobs.close();
    expect(await deliveryOf(triggerId)).toMatchObject({ state: 'dead', reason: 'fan_out_failed' });

    await takeAgain('sessions');
    expect(await ada.post(`/api/dead-letters/${deliveryId}/replay`)).toMatchObject({ status: 202 });
    await expect
      .poll(() => sessionOf(sessionIdOf(listenerId, triggerId)))
      .toMatchObject({ status: 'pending', triggerId });
    expect(await ada.get('/api/dead-letters')).toMatchObject({ body: { deadLetters: [] } });
  });

  it('starts by the job of its listener again', async () => {
    const { listenerId, trigger } = await accepted();
    const { triggerId } = trigger;
    const { runnerId } = runner;
    const sessionId = sessionIdOf(listenerId, triggerId);
    const deliveryId = deliveryIdOf(triggerId, listenerId);
    const item = triggerItem(deliveryId, { ...trigger, runnerId, subscriptionIds: [], listenerId, prompt: 'Look' });
    const reason = { code: 'fan_out_failed', detail: 'The database was away.' };
    const bury = (): Promise<void> =>
      one.app.get(DeadLetterSink, { strict: false }).port.bury([{ sessionId, item }], reason, 12);
    await bury();
    expect(await deliveryOf(triggerId)).toMatchObject({ state: 'dead', reason: 'fan_out_failed', listenerId });
    expect(await ada.post(`/api/dead-letters/${deliveryId}/replay`)).toMatchObject({ status: 202 });
    expect(await ada.get('/api/dead-letters')).toMatchObject({ body: { deadLetters: [] } });
    await expect.poll(() => sessionOf(sessionId)).toMatchObject({ status: 'pending', listenerId, triggerId });
    // Again, now that there is a session: it has to come to that one.
    await bury();
    expect(await deliveryOf(triggerId)).toMatchObject({ state: 'dead' });
    expect(await ada.post(`/api/dead-letters/${deliveryId}/replay`)).toMatchObject({ status: 202 });
    const worker = await runner.startWorker(sessionId);
    await expect
      .poll(() => worker.received.map(({ text }): unknown => JSON.parse(text)))
      .toMatchObject([{ triggerId, prompt: 'Look' }]);
    await expect.poll(() => deliveryOf(triggerId)).toMatchObject({ state: 'received', sessionId });
    worker.stop();
  });

  it('is what no relay could read on a bus, kept for the owner of its runner', async () => {
    const { runnerId } = runner;
    const { commands } = one.app.get(Redis);
    await commands.xadd(runnerKeys.bus(runnerId), '*', 'of-tomorrow', '{"a":1}');
    one.app.get(RunnerBus, { strict: false }).wake(runnerId);
    await expect.poll(() => commands.xlen(runnerKeys.bus(runnerId))).toBe(0);
    const jobs = queue('deliveries');
    const letter = { sessionId: '', payload: 'of-tomorrow {"a":1}', reason: { code: 'malformed_message' } };
    await expect.poll(() => letters(jobs)).toMatchObject({ deadLetters: [{ runnerId, ...letter }] });
    const { body } = await ada.get<{ deadLetters: { id: string }[] }>('/api/dead-letters');
    await jobs.close();
    const path = `/api/dead-letters/${body.deadLetters[0]?.id}`;
    expect(await ada.post(`${path}/replay`)).toMatchObject({ status: 409, body: { code: 'session_deleted' } });
    expect(await ada.delete(path)).toMatchObject({ status: 204 });
    expect(await ada.get('/api/dead-letters')).toMatchObject({ body: { deadLetters: [] } });
  });

  it('looks twice again whether its runner is there, though the queue knows of the first time', async () => {
    runner.stop();
    await expect.poll(() => ada.get(`/api/runners/${runner.runnerId}`)).toMatchObject({ body: { online: false } });
    await refuse('sessions');
    const { listenerId, trigger } = await accepted({ missedRuns: 'latest' });
    const { triggerId } = trigger;
    const jobs = await started(listenerId, triggerId);
    const deliveryId = deliveryIdOf(triggerId, listenerId);
    await expect.poll(() => letters(jobs)).toMatchObject({ deadLetters: [{ deliveryId }] });
    await takeAgain('sessions');
    expect(await ada.post(`/api/dead-letters/${deliveryId}/replay`)).toMatchObject({ status: 202 });
    const session = async (): Promise<unknown> => {
      await dueNow(jobs);
      return sessionOf(sessionIdOf(listenerId, triggerId));
    };
    await expect.poll(session).toMatchObject({ status: 'pending', triggerId });
    await jobs.close();
  });
});
