import { type DeliveryView, IdPrefix, type SessionView } from '@pizzapi/protocol';
import { ScriptedRunner } from '@pizzapi/testing';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';
import { DeadLetterSink, deliveryIdOf, sessionIdOf, triggerItem, TriggerRecords } from '../../deliveries/index.js';

describe('a run that its listener gave up before there was a session', () => {
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

  it('starts by its job again', async () => {
    const request = { triggerType: 'time:tick', prompt: 'Look' };
    const path = `/api/runners/${runner.runnerId}/trigger-listeners`;
    const { listenerId } = (await ada.post<{ listenerId: string }>(path, request)).body;
    const triggerId = IdPrefix.trigger + v7();
    const runnerId = runner.runnerId;
    const trigger = {
      triggerId,
      type: 'time:tick',
      payload: { n: 1 },
      source: 'test',
      deliverAs: 'followUp' as const,
      ts: new Date().toISOString(),
    };
    const records = one.app.get(TriggerRecords, { strict: false });
    await records.accept(runnerId, trigger, { sessions: [], listeners: [{ listenerId }] });
    const sessionId = sessionIdOf(listenerId, triggerId);
    const deliveryId = deliveryIdOf(triggerId, listenerId);
    const item = triggerItem(deliveryId, { ...trigger, runnerId, subscriptionIds: [], listenerId });
    const reason = { code: 'fan_out_failed', detail: 'The database was away.' };
    await one.app.get(DeadLetterSink, { strict: false }).port.bury([{ sessionId, item }], reason, 12);
    expect(await deliveryOf(triggerId)).toMatchObject({ state: 'dead', reason: 'fan_out_failed', listenerId });
    expect(await ada.post(`/api/dead-letters/${deliveryId}/replay`)).toMatchObject({ status: 202 });
    expect(await ada.get('/api/dead-letters')).toMatchObject({ body: { deadLetters: [] } });
    await expect.poll(() => sessionOf(sessionId)).toMatchObject({ status: 'pending', listenerId, triggerId });
    const worker = await runner.startWorker(sessionId);
    await expect
      .poll(() => worker.received.map(({ text }): unknown => JSON.parse(text)))
      .toMatchObject([{ triggerId, prompt: 'Look' }]);
    await expect.poll(() => deliveryOf(triggerId)).toMatchObject({ state: 'received', sessionId });
    worker.stop();
  });
});
