import type { DeliveryView, QueuedInput, SessionView } from '@pizzapi/protocol';
import { ScriptedRunner, TestViewer } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';
import { decodeListCursor, encodeListCursor } from '../../../platform/http/list-cursor.js';
import type { QueuedInputsDto } from './inputs.dto.js';

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

  it('comes page by page: what the worker has in its queue, then the inbox, each once', async () => {
    const runner = await ScriptedRunner.connect(ada);
    const worker = await runner.startSession();
    const path = `/api/sessions/${worker.sessionId}`;
    const waiting = async (query = ''): Promise<QueuedInputsDto> => {
      const answer = await ada.get<QueuedInputsDto>(`${path}/inputs${query}`);
      expect(answer).toMatchObject({ status: 200 });
      return answer.body;
    };
    const queued = Array.from({ length: 3 }, (_, n): QueuedInput => {
      return { inputId: `inp_${n}`, text: `${n}`, deliverAs: 'followUp', ts: new Date().toISOString() };
    });
    worker.send({ type: 'queue.changed', data: { inputs: queued, more: 2 } });
    await expect.poll(async () => (await waiting()).inputs).toHaveLength(3);
    worker.stop();
    await expect.poll(async () => (await ada.get<SessionView>(path)).body.isConnected).toBe(false);
    for (let n = 3; n < 60; n++) {
      await ada.post(`${path}/input`, { text: `${n}` });
      if (n < 10) await ada.post(`${path}/trigger`, { type: 'a:b', payload: { n } });
    }
    const list = `inputs ${worker.sessionId}`;
    const all = Array.from({ length: 60 }, (_, n) => `${n}`);
    await expect.poll(async () => (await waiting('?limit=200')).inputs.map(({ text }) => text)).toEqual(all);
    // Who asks for nothing gets the first fifty, and hears how many there are besides.
    expect(await waiting()).toMatchObject({ inputs: { length: 50 }, more: 12, nextCursor: expect.any(String) });
    expect(await waiting('?limit=500')).toEqual({ inputs: expect.any(Array), more: 2 });
    for (const limit of [1, 2, 3, 7, 59, 60]) {
      const seen: string[] = [];
      for (let cursor: string | undefined = ''; cursor !== undefined;) {
        const page: QueuedInputsDto = await waiting(`?limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`);
        expect(page.inputs.length).toBeLessThanOrEqual(limit);
        seen.push(...page.inputs.map(({ text }) => text));
        // Two of the worker's queue are never listed, and stand before the inbox.
        const isInInbox = cursor !== '' && decodeListCursor(list, cursor).startsWith('inbox.');
        const unlisted = isInInbox ? 0 : 2;
        expect(page.more ?? 0).toBe(60 - seen.length + unlisted);
        cursor = page.nextCursor;
      }
      expect(seen, `limit ${limit}`).toEqual(all);
    }
    // What it ended with has been heard meanwhile: the rest of the queue comes after.
    const gone = encodeListCursor(list, 'queue.inp_gone');
    expect((await waiting(`?limit=1&cursor=${gone}`)).inputs).toMatchObject([{ text: '0' }]);
    const broken = ['queue.', 'inbox.1-x'].map((place) => `cursor=${encodeListCursor(list, place)}`);
    for (const query of ['cursor=x', 'cursor=queue.inp_gone', ...broken, 'limit=0'])
      expect(await ada.get(`${path}/inputs?${query}`)).toMatchObject({
        status: 400,
        body: { errors: [{ path: query.split('=')[0] }] },
      });
    runner.stop();
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
