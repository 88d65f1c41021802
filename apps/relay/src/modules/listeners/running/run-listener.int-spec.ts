import type { DeadLetterView } from '@pizzapi/protocol';
import { type ApiAnswer, type RelayApi, ScriptedRunner } from '@pizzapi/testing';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ListenerScene } from '../../../../testing/listener-scene.js';
import { deliveryIdOf, SessionInbox, sessionIdOf, triggerItem } from '../../deliveries/index.js';

type Letter = DeadLetterView & { id: string };

describe('the session that a listener starts, on two replicas', () => {
  let scene: ListenerScene;
  beforeAll(async () => {
    scene = await ListenerScene.start();
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(() => scene.renew());

  it('starts one session with the trigger and the prompt, however often and wherever the job runs', async () => {
    const model = { provider: 'demo', id: 'demo' };
    const listenerId = await scene.listen({ prompt: 'Review it.', cwd: '/srv/code/app', model });
    const trigger = { payload: { number: 7 }, summary: 'PR 7 opened' };
    const triggerId = await scene.accept([listenerId], trigger);
    const runs = [scene.one, scene.two, scene.one, scene.two, scene.one].map((relay) =>
      scene.run(relay, listenerId, triggerId),
    );
    await Promise.all(runs);

    const [session, ...others] = await scene.sessionsOf(listenerId);
    expect(others).toEqual([]);
    expect(session).toMatchObject({
      sessionId: sessionIdOf(listenerId, triggerId),
      ownerId: scene.ada.userId,
      name: 'PR 7 opened',
      cwd: '/srv/code/app',
      model,
      triggerId,
      isHeld: false,
    });
    const worker = await scene.begin(session?.sessionId ?? '');
    await expect.poll(() => worker.received).toHaveLength(1);
    expect(worker.received[0]).toMatchObject({
      kind: 'trigger',
      deliveryId: deliveryIdOf(triggerId, listenerId),
      deliverAs: 'followUp',
    });
    expect(JSON.parse(worker.received[0]?.text ?? '')).toMatchObject({
      triggerId,
      type: 'time:tick',
      payload: { number: 7 },
      runnerId: scene.runner.runnerId,
      subscriptionIds: [],
      listenerId,
      prompt: 'Review it.',
    });
    await expect.poll(() => scene.stateOf(listenerId, triggerId)).toMatchObject({ state: 'received' });
    // Once more, long after: neither a second session nor a second delivery.
    await scene.run(scene.one, listenerId, triggerId);
    expect(await scene.sessionsOf(listenerId)).toHaveLength(1);
    expect(scene.spawnsOf(session?.sessionId ?? '')).toBe(1);
  });

  it('starts and dies also for a trigger with characters that PostgreSQL has no place for', async () => {
    const listenerId = await scene.listen({ prompt: 'Look\u0000 at it.' });
    const odd = { type: 'time:\u0000', summary: 'Log\u0000 rotated\u202e', payload: { text: 'a\u0000b' } };
    const triggerId = await scene.fire(listenerId, odd);
    await expect.poll(() => scene.sessionsOf(listenerId)).toMatchObject([{ name: 'Log\ufffd rotated⟨U+202E⟩' }]);
    const failure = { code: 'folder_missing', detail: 'There is no such folder.' };
    await scene.runner.report({ sessionId: sessionIdOf(listenerId, triggerId), state: 'failed', failure });
    const letters = async (): Promise<Letter[]> =>
      (await scene.ada.get<{ deadLetters: Letter[] }>('/api/dead-letters?type=time:%00')).body.deadLetters;
    await expect.poll(letters).toMatchObject([{ triggerId, type: 'time:\ufffd', payload: odd.payload }]);
    expect(await scene.ada.get('/api/dead-letters/%00')).toMatchObject({ status: 404 });
  });

  it('starts a session for a broadcast, and says what became of it', async () => {
    const listenerId = await scene.listen({ params: { branch: 'main' } });
    const broadcast = (branch: string): Promise<ApiAnswer<{ triggerId: string; listeners: number }>> =>
      scene.ada.post(`/api/runners/${scene.runner.runnerId}/trigger-broadcast`, {
        type: 'time:tick',
        payload: { branch },
      });
    expect(await broadcast('next')).toMatchObject({ status: 202, body: { listeners: 0 } });
    const { body, status } = await broadcast('main');
    expect([status, body.listeners]).toEqual([202, 1]);
    await expect.poll(() => scene.summary(listenerId)).toEqual(['pending']);
    const { triggerId } = body;
    const sessionId = sessionIdOf(listenerId, triggerId);
    const deliveries = async (): Promise<unknown> =>
      (await scene.ada.get<{ deliveries: unknown }>(`/api/triggers/${triggerId}`)).body.deliveries;
    expect(await deliveries()).toMatchObject([{ sessionId, listenerId, subscriptionIds: [], state: 'waiting' }]);
    await scene.begin(sessionId);
    await expect.poll(deliveries).toMatchObject([{ state: 'received' }]);
  });

  it('completes what a crash left: an inbox without its session', async () => {
    const listenerId = await scene.listen({ prompt: 'Once.' });
    const triggerId = `trg_${v7()}`;
    const sessionId = sessionIdOf(listenerId, triggerId);
    const left = { triggerId, type: 'time:tick', payload: {}, source: 'test', ts: new Date().toISOString() };
    const delivered = { ...left, deliverAs: 'steer' as const, runnerId: scene.runner.runnerId, subscriptionIds: [] };
    const inbox = scene.one.app.get(SessionInbox, { strict: false });
    await inbox.append(sessionId, triggerItem(deliveryIdOf(triggerId, listenerId), { ...delivered, listenerId }));
    await scene.accept([listenerId], { ...left, deliverAs: 'steer' });
    await expect.poll(() => scene.summary(listenerId)).toEqual(['pending']);
    expect(await inbox.list(sessionId)).toHaveLength(1);

    await expect.poll(() => scene.spawnsOf(sessionId)).toBe(1);
    await scene.run(scene.two, listenerId, triggerId);
    const worker = await scene.begin(sessionId);
    await expect.poll(() => worker.received).toHaveLength(1);
    expect(await scene.summary(listenerId)).toHaveLength(1);
  });

  it('still starts the session of a listener that was removed after it matched', async () => {
    const listenerId = await scene.listen();
    const triggerId = await scene.accept([listenerId]);
    await scene.ada.delete(`/api/runners/${scene.runner.runnerId}/trigger-listeners/${listenerId}`);
    await scene.run(scene.one, listenerId, triggerId);
    expect(await scene.summary(listenerId)).toEqual(['pending']);
    // One that is gone altogether cannot.
    const gone = `lst_${v7()}`;
    const other = await scene.accept([gone]);
    await scene.run(scene.one, gone, other);
    expect(await scene.stateOf(gone, other)).toMatchObject({ state: 'dead', reason: 'listener_gone' });
  });

  it('leaves a dead letter for what it can start no more, to whoever owned the runner', async () => {
    const { ada, one, two } = scene;
    const { runnerId } = scene.runner;
    const listenerId = await scene.listen();
    const ts = new Date().toISOString();
    await scene.leave();
    expect(await ada.delete(`/api/runners/${runnerId}`)).toMatchObject({ status: 204 });
    // Fired before, and on its way until now.
    const triggerId = await scene.accept([listenerId], { ts, payload: { n: 1 }, summary: 'Deploy' });
    // The machine is handed on.
    const bob = await one.account('bob');
    const his = await ScriptedRunner.connect(bob, 'his', { runnerId });
    await scene.run(two, listenerId, triggerId);

    const lettersOf = async (account: RelayApi): Promise<Letter[]> =>
      (await account.get<{ deadLetters: Letter[] }>('/api/dead-letters')).body.deadLetters;
    const [letter, ...others] = (await lettersOf(ada)).filter((each) => each.triggerId === triggerId);
    expect(others).toEqual([]);
    expect(letter).toMatchObject({
      listenerId,
      payload: { n: 1 },
      summary: 'Deploy',
      reason: { code: 'listener_gone' },
    });
    expect(await lettersOf(bob)).toEqual([]);
    expect(await scene.stateOf(listenerId, triggerId)).toMatchObject({ state: 'dead', reason: 'listener_gone' });
    const path = `/api/dead-letters/${letter?.id ?? ''}`;
    expect(await ada.post(`${path}/replay`)).toMatchObject({ status: 409, body: { code: 'listener_gone' } });
    expect(await ada.delete(path)).toMatchObject({ status: 204 });
    expect(await scene.stateOf(listenerId, triggerId)).toMatchObject({ state: 'discarded' });
    his.stop();
  });
});
