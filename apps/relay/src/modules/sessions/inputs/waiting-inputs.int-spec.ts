import type { DeliveryView, QueuedInput } from '@pizzapi/protocol';
import { ScriptedRunner, TestViewer } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';

describe('what waits for a session, for those who watch it on another replica', () => {
  let cluster: TestCluster;
  let two: TestRelay;
  let ada: TestAccount;

  beforeAll(async () => {
    cluster = await startCluster('postgres');
    ada = await (await cluster.start()).account('ada');
    two = await cluster.start();
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  it('is news when it comes, is changed, is taken back, and goes with the session', async () => {
    const runner = await ScriptedRunner.connect(ada);
    runner.stop();
    const started = await ada.post<{ sessionId: string }>('/api/sessions', { runnerId: runner.runnerId });
    expect(started.status).toBe(202);
    const { sessionId } = started.body;
    const path = `/api/sessions/${sessionId}`;
    const viewer = new TestViewer(two.url, ada.apiKey ?? '', sessionId, null);
    // What the console does: it reads again at news, and at nothing else.
    let seen: string[] | null = null;
    const read = async (): Promise<void> => {
      const { body } = await ada.get<{ inputs: QueuedInput[] }>(`${path}/inputs`);
      seen = body.inputs.map(({ text }) => text);
    };
    let reading = Promise.resolve();
    viewer.socket.on('session:deliveries-changed', () => (reading = reading.then(read)));
    await expect.poll(() => seen).toEqual([]);
    const said = await ada.post<{ inputId: string }>(`${path}/input`, { text: 'one' });
    await ada.post(`${path}/input`, { text: 'two' });
    await expect.poll(() => seen).toEqual(['one', 'two']);
    const input = `${path}/inputs/${said.body.inputId}`;
    expect((await ada.send('PATCH', input, { body: { text: 'better' } })).status).toBe(204);
    await expect.poll(() => seen).toEqual(['better', 'two']);
    expect((await ada.send('DELETE', input)).status).toBe(204);
    await expect.poll(() => seen).toEqual(['two']);
    expect((await ada.post(`${path}/stop`)).status).toBe(202);
    await expect.poll(() => seen).toEqual([]);
    await reading;
    viewer.stop();
  });

  it('is no trigger: nobody can change or take back what was accepted', async () => {
    const runner = await ScriptedRunner.connect(ada);
    runner.stop();
    const started = await ada.post<{ sessionId: string }>('/api/sessions', { runnerId: runner.runnerId });
    const path = `/api/sessions/${started.body.sessionId}`;
    const fired = await ada.post<{ triggerId: string }>(`${path}/trigger`, { type: 'a:b', payload: { n: 1 } });
    expect(fired.status).toBe(202);
    const delivery = async (): Promise<DeliveryView | undefined> => {
      const { body } = await ada.get<{ deliveries: DeliveryView[] }>(`/api/triggers/${fired.body.triggerId}`);
      return body.deliveries[0];
    };
    const waiting = async (): Promise<unknown> => (await ada.get(`${path}/waiting-triggers`)).body;
    const inInbox = { triggers: [{ triggerId: fired.body.triggerId, payload: { n: 1 } }] };
    await expect.poll(waiting).toMatchObject(inInbox);
    const input = `${path}/inputs/${(await delivery())?.deliveryId}`;
    for (const answer of [await ada.send('PATCH', input, { body: { text: '{}' } }), await ada.send('DELETE', input)])
      expect(answer).toMatchObject({ status: 409, body: { code: 'input_already_delivered' } });
    expect(await waiting()).toMatchObject(inInbox);
    expect(await delivery()).toMatchObject({ state: 'waiting' });
  });
});
