import type { ListenerView, SessionView, Trigger, WorkerReport } from '@pizzapi/protocol';
import { type ApiAnswer, ScriptedRunner, type ScriptedWorker } from '@pizzapi/testing';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';
import { Queues } from '../../../platform/queues/queues.js';
import { deliveryIdOf, SessionInbox, sessionIdOf, triggerItem, TriggerRecords } from '../../deliveries/index.js';
import { HeldSessions } from '../../sessions/index.js';
import { RunListener } from './run-listener.js';

describe('listeners on two replicas', () => {
  let cluster: TestCluster;
  let one: TestRelay;
  let two: TestRelay;
  let ada: TestAccount;
  let runner: ScriptedRunner;
  let workers: ScriptedWorker[] = [];

  beforeAll(async () => {
    cluster = await startCluster('postgres');
    one = await cluster.start();
    two = await cluster.start();
    ada = await one.account('ada');
  });
  afterAll(() => cluster[Symbol.asyncDispose]());
  beforeEach(async () => {
    runner = await ScriptedRunner.connect(ada);
  });
  afterEach(() => {
    for (const worker of workers) worker.stop();
    workers = [];
    runner.stop();
  });

  const listen = async (options: object = {}): Promise<string> => {
    const answer = await ada.post<ListenerView>(`/api/runners/${runner.runnerId}/trigger-listeners`, {
      triggerType: 'time:tick',
      ...options,
    });
    expect(answer).toMatchObject({ status: 201 });
    return answer.body.listenerId;
  };

  /** As accepting does it; the ids rise with the calls. */
  const accept = async (listenerIds: string[], trigger: Partial<Trigger> = {}): Promise<string> => {
    const { triggerId = `trg_${v7()}` } = trigger;
    const whole: Trigger = {
      triggerId,
      type: 'time:tick',
      payload: {},
      source: 'external:api',
      deliverAs: 'followUp',
      ts: new Date().toISOString(),
      ...trigger,
    };
    const listeners = listenerIds.map((listenerId) => ({ listenerId }));
    await one.app.get(TriggerRecords, { strict: false }).accept(runner.runnerId, whole, { sessions: [], listeners });
    return triggerId;
  };
  const fire = async (listenerId: string, trigger: Partial<Trigger> = {}): Promise<string> => {
    const triggerId = await accept([listenerId], trigger);
    const { runnerId } = runner;
    await one.app.get(Queues).add('run-listener', `${listenerId}.${triggerId}`, { runnerId, triggerId, listenerId });
    return triggerId;
  };
  const stateOf = async (listenerId: string, triggerId: string): Promise<unknown> => {
    const record = await two.app.get(TriggerRecords, { strict: false }).read(runner.runnerId, triggerId);
    return record?.settled.get(deliveryIdOf(triggerId, listenerId));
  };
  const sessionsOf = async (listenerId: string): Promise<SessionView[]> => {
    const { body } = await ada.get<{ sessions: SessionView[] }>(`/api/sessions?runnerId=${runner.runnerId}&limit=200`);
    return body.sessions
      .filter((session) => session.listenerId === listenerId)
      .sort((a, b) => (a.triggerId ?? '').localeCompare(b.triggerId ?? ''));
  };
  const summary = async (listenerId: string): Promise<string[]> =>
    (await sessionsOf(listenerId)).map(({ status, isHeld }) => (isHeld ? `${status}, held` : status));
  const spawnsOf = (sessionId: string): number =>
    runner.orders.filter((order) => order.order === 'spawn' && order.sessionId === sessionId).length;
  const start = async (sessionId: string): Promise<ScriptedWorker> => {
    await expect.poll(() => spawnsOf(sessionId)).toBe(1);
    const report: WorkerReport = { sessionId, state: 'started', cwd: '/srv/code' };
    expect(await runner.report(report)).toMatchObject({ ok: true });
    const worker = await runner.startWorker(sessionId, two.url);
    workers.push(worker);
    worker.send({ type: 'session.opened', data: { epoch: 1, isResumed: false } });
    return worker;
  };
  const leave = async (): Promise<void> => {
    runner.stop();
    await expect.poll(() => ada.get(`/api/runners/${runner.runnerId}`)).toMatchObject({ body: { online: false } });
  };
  const comeBack = async (): Promise<void> => {
    runner = await ScriptedRunner.connect(ada, 'back', { runnerId: runner.runnerId });
  };

  it('starts one session with the trigger and the prompt, however often and wherever the job runs', async () => {
    const model = { provider: 'demo', id: 'demo' };
    const listenerId = await listen({ prompt: 'Review it.', cwd: '/srv/code/app', model });
    const trigger = { payload: { number: 7 }, summary: 'PR 7 opened' };
    const triggerId = await accept([listenerId], trigger);
    const data = { runnerId: runner.runnerId, triggerId, listenerId };
    const runs = [one, two, one, two, one].map(({ app }) => app.get(RunListener, { strict: false }).run(data));
    await Promise.all(runs);

    const [session, ...others] = await sessionsOf(listenerId);
    expect(others).toEqual([]);
    expect(session).toMatchObject({
      sessionId: sessionIdOf(listenerId, triggerId),
      ownerId: ada.userId,
      name: 'PR 7 opened',
      cwd: '/srv/code/app',
      model,
      triggerId,
      isHeld: false,
    });
    const worker = await start(session?.sessionId ?? '');
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
      runnerId: runner.runnerId,
      subscriptionIds: [],
      listenerId,
      prompt: 'Review it.',
    });
    await expect.poll(() => stateOf(listenerId, triggerId)).toMatchObject({ state: 'received' });
    // Once more, long after: neither a second session nor a second delivery.
    await one.app.get(RunListener, { strict: false }).run(data);
    expect(await sessionsOf(listenerId)).toHaveLength(1);
    expect(spawnsOf(session?.sessionId ?? '')).toBe(1);
  });

  it('starts a session for a broadcast, and says what became of it', async () => {
    const listenerId = await listen({ params: { branch: 'main' } });
    const broadcast = (branch: string): Promise<ApiAnswer<{ triggerId: string; listeners: number }>> =>
      ada.post(`/api/runners/${runner.runnerId}/trigger-broadcast`, { type: 'time:tick', payload: { branch } });
    expect(await broadcast('next')).toMatchObject({ status: 202, body: { listeners: 0 } });
    const { body, status } = await broadcast('main');
    expect([status, body.listeners]).toEqual([202, 1]);
    await expect.poll(() => summary(listenerId)).toEqual(['pending']);
    const { triggerId } = body;
    const sessionId = sessionIdOf(listenerId, triggerId);
    const deliveries = async (): Promise<unknown> =>
      (await ada.get<{ deliveries: unknown }>(`/api/triggers/${triggerId}`)).body.deliveries;
    expect(await deliveries()).toMatchObject([{ sessionId, listenerId, subscriptionIds: [], state: 'waiting' }]);
    await start(sessionId);
    await expect.poll(deliveries).toMatchObject([{ state: 'received' }]);
  });

  it('completes what a crash left: an inbox without its session', async () => {
    const listenerId = await listen({ prompt: 'Once.' });
    const triggerId = `trg_${v7()}`;
    const sessionId = sessionIdOf(listenerId, triggerId);
    const left = { triggerId, type: 'time:tick', payload: {}, source: 'test', ts: new Date().toISOString() };
    const delivered = { ...left, deliverAs: 'steer' as const, runnerId: runner.runnerId, subscriptionIds: [] };
    const inbox = one.app.get(SessionInbox, { strict: false });
    await inbox.append(sessionId, triggerItem(deliveryIdOf(triggerId, listenerId), { ...delivered, listenerId }));
    await accept([listenerId], { ...left, deliverAs: 'steer' });
    await expect.poll(() => summary(listenerId)).toEqual(['pending']);
    expect(await inbox.list(sessionId)).toHaveLength(1);

    await expect.poll(() => spawnsOf(sessionId)).toBe(1);
    const data = { runnerId: runner.runnerId, triggerId, listenerId };
    await two.app.get(RunListener, { strict: false }).run(data);
    const worker = await start(sessionId);
    await expect.poll(() => worker.received).toHaveLength(1);
    expect(await summary(listenerId)).toHaveLength(1);
  });

  it('still starts the session of a listener that was removed after it matched', async () => {
    const listenerId = await listen();
    const triggerId = await accept([listenerId]);
    await ada.delete(`/api/runners/${runner.runnerId}/trigger-listeners/${listenerId}`);
    await one.app.get(RunListener, { strict: false }).run({ runnerId: runner.runnerId, triggerId, listenerId });
    expect(await summary(listenerId)).toEqual(['pending']);
    // One that is gone altogether cannot.
    const gone = `lst_${v7()}`;
    const other = await accept([gone]);
    await one.app
      .get(RunListener, { strict: false })
      .run({ runnerId: runner.runnerId, triggerId: other, listenerId: gone });
    expect(await stateOf(gone, other)).toMatchObject({ state: 'dead', reason: 'listener_gone' });
  });

  it('lets two of five work at once, and the others wait in sight, in the order of their triggers', async () => {
    const listenerId = await listen({ maxConcurrent: 2 });
    for (let n = 0; n < 5; n++) await fire(listenerId, { summary: `tick ${n}` });
    await expect.poll(() => summary(listenerId)).toHaveLength(5);
    const held = ['pending, held', 'pending, held', 'pending, held'];
    // Whichever jobs came first have the places; the others follow in order.
    await expect.poll(async () => (await summary(listenerId)).sort()).toEqual(['pending', 'pending', ...held]);
    const [first, second] = (await sessionsOf(listenerId)).filter(({ isHeld }) => !isHeld);
    const waiting = (await sessionsOf(listenerId)).filter(({ isHeld }) => isHeld).map(({ sessionId }) => sessionId);
    const nextAdmitted = async (): Promise<string[]> =>
      (await sessionsOf(listenerId))
        .filter(({ isHeld, sessionId }) => !isHeld && waiting.includes(sessionId))
        .map(({ sessionId }) => sessionId);

    const worker = await start(first?.sessionId ?? '');
    worker.send({ type: 'activity.changed', data: { activity: 'working' } });
    await worker.flushed();
    expect(await nextAdmitted()).toEqual([]);
    worker.send({ type: 'activity.changed', data: { activity: 'idle' } });
    await expect.poll(nextAdmitted).toEqual(waiting.slice(0, 1));
    // A later turn takes no place again, and gives none.
    worker.send({ type: 'activity.changed', data: { activity: 'working' } });
    worker.send({ type: 'activity.changed', data: { activity: 'idle' } });
    await worker.flushed();

    const failure = { code: 'folder_missing', detail: 'There is no such folder.' };
    await runner.report({ sessionId: second?.sessionId ?? '', state: 'failed', failure });
    await expect.poll(nextAdmitted).toEqual(waiting.slice(0, 2));
    await ada.delete(`/api/sessions/${waiting[0]}`);
    await expect.poll(() => spawnsOf(waiting[2] ?? '')).toBe(1);
    expect((await sessionsOf(listenerId)).some(({ isHeld }) => isHeld)).toBe(false);
  });

  it('admits no more than there is room for, whoever admits at the same moment', async () => {
    const listenerId = await listen({ maxConcurrent: 3 });
    await Promise.all(Array.from({ length: 12 }, () => fire(listenerId)));
    await expect.poll(() => summary(listenerId)).toHaveLength(12);
    const admit = ({ app }: TestRelay): Promise<void> => app.get(HeldSessions, { strict: false }).admit(listenerId, 3);
    await Promise.all(Array.from({ length: 20 }, (_, n) => admit(n % 2 === 0 ? one : two)));
    expect((await sessionsOf(listenerId)).filter(({ isHeld }) => !isHeld)).toHaveLength(3);
  });

  it('lets those that wait go when the limit is lifted, and cancels one by hand', async () => {
    const listenerId = await listen({ maxConcurrent: 1 });
    for (let n = 0; n < 3; n++) await fire(listenerId);
    await expect
      .poll(async () => (await summary(listenerId)).sort())
      .toEqual(['pending', 'pending, held', 'pending, held']);
    const [held] = (await sessionsOf(listenerId)).filter(({ isHeld }) => isHeld);
    expect(await ada.post(`/api/sessions/${held?.sessionId}/stop`)).toMatchObject({ body: { status: 'cancelled' } });
    await ada.send('PUT', `/api/runners/${runner.runnerId}/trigger-listeners/${listenerId}`, { body: {} });
    await expect.poll(async () => (await summary(listenerId)).sort()).toEqual(['cancelled', 'pending', 'pending']);
  });

  it('gives up a session whose runner is away for too long, and starts it when it is resumed', async () => {
    const listenerId = await listen({ maxWaitMs: 1_000 });
    const patient = await listen({ maxWaitMs: 60_000 });
    await leave();
    const triggerId = await fire(listenerId);
    await fire(patient);
    await expect
      .poll(() => sessionsOf(listenerId), { timeout: 20_000 })
      .toMatchObject([{ status: 'failed', failure: { code: 'spawn_expired' } }]);
    expect(await summary(patient)).toEqual(['pending']);
    const sessionId = sessionIdOf(listenerId, triggerId);
    await comeBack();
    expect(await ada.post(`/api/sessions/${sessionId}/resume`)).toMatchObject({ status: 202 });
    await expect.poll(() => spawnsOf(sessionId)).toBe(1);
    expect(await summary(listenerId)).toEqual(['pending']);
  });

  it('does with missed triggers what each listener wants: all, the latest, none', async () => {
    const [all, latest, none] = [
      await listen(),
      await listen({ missedRuns: 'latest' }),
      await listen({ missedRuns: 'none' }),
    ];
    const fireThree = async (): Promise<Record<string, string[]>> => {
      const fired: Record<string, string[]> = { [all]: [], [latest]: [], [none]: [] };
      for (let n = 0; n < 3; n++)
        for (const listenerId of [all, latest, none]) fired[listenerId]?.push(await fire(listenerId));
      return fired;
    };
    await fireThree();
    for (const listenerId of [all, latest, none])
      await expect.poll(() => summary(listenerId)).toEqual(['pending', 'pending', 'pending']);

    await leave();
    const missed = await fireThree();
    const discarded = { state: 'discarded', reason: 'missed_while_away' };
    for (const triggerId of missed[none] ?? [])
      await expect.poll(() => stateOf(none, triggerId)).toMatchObject(discarded);
    for (const triggerId of missed[latest]?.slice(0, 2) ?? [])
      await expect.poll(() => stateOf(latest, triggerId)).toMatchObject(discarded);
    const last = missed[latest]?.at(-1) ?? '';
    await expect
      .poll(async () =>
        (await sessionsOf(latest)).filter(({ status }) => status === 'pending').map(({ triggerId }) => triggerId),
      )
      .toEqual([expect.anything(), expect.anything(), expect.anything(), last]);
    expect(await stateOf(latest, last)).toBeUndefined();
    expect(await summary(all)).toHaveLength(6);
    expect(await sessionsOf(none)).toHaveLength(3);

    await comeBack();
    const lastSession = sessionIdOf(latest, last);
    const worker = await start(lastSession);
    await expect.poll(() => worker.received).toHaveLength(1);
    for (const triggerId of missed[latest]?.slice(0, 2) ?? []) expect(spawnsOf(sessionIdOf(latest, triggerId))).toBe(0);
  });

  it('takes a connection that only broke for no absence', async () => {
    const listenerId = await listen({ missedRuns: 'none' });
    await leave();
    const triggerId = await fire(listenerId);
    await comeBack();
    await start(sessionIdOf(listenerId, triggerId));
    expect(await summary(listenerId)).toEqual(['active']);
  });
});
