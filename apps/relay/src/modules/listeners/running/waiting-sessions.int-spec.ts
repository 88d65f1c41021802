import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ListenerScene } from '../../../../testing/listener-scene.js';
import type { TestRelay } from '../../../../testing/relay-fixture.js';
import { sessionIdOf } from '../../deliveries/index.js';
import { HeldSessions } from '../../sessions/index.js';

/** Of the runner's connection. */
const LONGEST_BACKOFF_MS = 5_000;

describe('sessions of listeners that have to wait, on two replicas', () => {
  let scene: ListenerScene;
  beforeAll(async () => {
    scene = await ListenerScene.start();
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(() => scene.renew());

  it('lets two of five work at once, and the others wait in sight, in the order of their triggers', async () => {
    const listenerId = await scene.listen({ maxConcurrent: 2 });
    for (let n = 0; n < 5; n++) await scene.fire(listenerId, { summary: `tick ${n}` });
    await expect.poll(() => scene.summary(listenerId)).toHaveLength(5);
    const held = ['pending, held', 'pending, held', 'pending, held'];
    // Whichever jobs came first have the places; the others follow in order.
    await expect.poll(async () => (await scene.summary(listenerId)).sort()).toEqual(['pending', 'pending', ...held]);
    const [first, second] = (await scene.sessionsOf(listenerId)).filter(({ isHeld }) => !isHeld);
    const waiting = (await scene.sessionsOf(listenerId))
      .filter(({ isHeld }) => isHeld)
      .map(({ sessionId }) => sessionId);
    const nextAdmitted = async (): Promise<string[]> =>
      (await scene.sessionsOf(listenerId))
        .filter(({ isHeld, sessionId }) => !isHeld && waiting.includes(sessionId))
        .map(({ sessionId }) => sessionId);

    const worker = await scene.begin(first?.sessionId ?? '');
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
    await scene.runner.report({ sessionId: second?.sessionId ?? '', state: 'failed', failure });
    await expect.poll(nextAdmitted).toEqual(waiting.slice(0, 2));
    await scene.ada.delete(`/api/sessions/${waiting[0]}`);
    await expect.poll(() => scene.spawnsOf(waiting[2] ?? '')).toBe(1);
    expect((await scene.sessionsOf(listenerId)).some(({ isHeld }) => isHeld)).toBe(false);
  });

  it('admits no more than there is room for, whoever admits at the same moment', async () => {
    const listenerId = await scene.listen({ maxConcurrent: 3 });
    await Promise.all(Array.from({ length: 12 }, () => scene.fire(listenerId)));
    await expect.poll(() => scene.summary(listenerId)).toHaveLength(12);
    const admit = ({ app }: TestRelay): Promise<void> => app.get(HeldSessions, { strict: false }).admit(listenerId, 3);
    await Promise.all(Array.from({ length: 20 }, (_, n) => admit(n % 2 === 0 ? scene.one : scene.two)));
    expect((await scene.sessionsOf(listenerId)).filter(({ isHeld }) => !isHeld)).toHaveLength(3);
  });

  it('lets those that wait go when the limit is lifted, and cancels one by hand', async () => {
    const listenerId = await scene.listen({ maxConcurrent: 1 });
    for (let n = 0; n < 3; n++) await scene.fire(listenerId);
    await expect
      .poll(async () => (await scene.summary(listenerId)).sort())
      .toEqual(['pending', 'pending, held', 'pending, held']);
    const [held] = (await scene.sessionsOf(listenerId)).filter(({ isHeld }) => isHeld);
    expect(await scene.ada.post(`/api/sessions/${held?.sessionId}/stop`)).toMatchObject({
      body: { status: 'cancelled' },
    });
    expect(await scene.stateOf(listenerId, held?.triggerId ?? '')).toMatchObject({
      state: 'discarded',
      reason: 'session_cancelled',
    });
    // It is still there, and leads to what it was to hear.
    expect(await scene.ada.get(`/api/triggers/${held?.triggerId}`)).toMatchObject({
      body: { deliveries: [{ state: 'discarded', listenerId, sessionId: held?.sessionId }] },
    });
    await scene.ada.send('PUT', `/api/runners/${scene.runner.runnerId}/trigger-listeners/${listenerId}`, { body: {} });
    await expect
      .poll(async () => (await scene.summary(listenerId)).sort())
      .toEqual(['cancelled', 'pending', 'pending']);
  });

  it('gives up a session whose runner is away for too long, and starts it when it is resumed', async () => {
    const listenerId = await scene.listen({ maxWaitMs: 1_000 });
    const patient = await scene.listen({ maxWaitMs: 60_000 });
    await scene.leave();
    const triggerId = await scene.fire(listenerId);
    await scene.fire(patient);
    await expect
      .poll(() => scene.sessionsOf(listenerId), { timeout: 20_000 })
      .toMatchObject([{ status: 'failed', failure: { code: 'spawn_expired' } }]);
    await expect.poll(() => scene.summary(patient)).toEqual(['pending']);
    const sessionId = sessionIdOf(listenerId, triggerId);
    await scene.comeBack();
    expect(await scene.ada.post(`/api/sessions/${sessionId}/resume`)).toMatchObject({ status: 202 });
    await expect.poll(() => scene.spawnsOf(sessionId)).toBe(1);
    expect(await scene.summary(listenerId)).toEqual(['pending']);
  });

  it('does with missed triggers what each listener wants: all, the latest, none', async () => {
    const [all, latest, none] = [
      await scene.listen(),
      await scene.listen({ missedRuns: 'latest' }),
      await scene.listen({ missedRuns: 'none' }),
    ];
    const fireThree = async (): Promise<Record<string, string[]>> => {
      const fired: Record<string, string[]> = { [all]: [], [latest]: [], [none]: [] };
      for (let n = 0; n < 3; n++)
        for (const listenerId of [all, latest, none]) fired[listenerId]?.push(await scene.fire(listenerId));
      return fired;
    };
    await fireThree();
    for (const listenerId of [all, latest, none])
      await expect.poll(() => scene.summary(listenerId)).toEqual(['pending', 'pending', 'pending']);

    await scene.leave();
    const missed = await fireThree();
    const discarded = { state: 'discarded', reason: 'missed_while_away' };
    const stateOf = async (listenerId: string, triggerId: string): Promise<unknown> => {
      await scene.hurry();
      return scene.stateOf(listenerId, triggerId);
    };
    for (const triggerId of missed[none] ?? [])
      await expect.poll(() => stateOf(none, triggerId)).toMatchObject(discarded);
    for (const triggerId of missed[latest]?.slice(0, 2) ?? [])
      await expect.poll(() => stateOf(latest, triggerId)).toMatchObject(discarded);
    const last = missed[latest]?.at(-1) ?? '';
    await expect
      .poll(async () =>
        (await scene.sessionsOf(latest)).filter(({ status }) => status === 'pending').map(({ triggerId }) => triggerId),
      )
      .toEqual([expect.anything(), expect.anything(), expect.anything(), last]);
    expect(await scene.stateOf(latest, last)).toBeUndefined();
    await expect.poll(() => scene.summary(all)).toHaveLength(6);
    expect(await scene.sessionsOf(none)).toHaveLength(3);

    await scene.comeBack();
    const lastSession = sessionIdOf(latest, last);
    const worker = await scene.begin(lastSession);
    await expect.poll(() => worker.received).toHaveLength(1);
    for (const triggerId of missed[latest]?.slice(0, 2) ?? [])
      expect(scene.spawnsOf(sessionIdOf(latest, triggerId))).toBe(0);
  });

  it('keeps the latest of missed triggers whatever the order and the number of those who decide', async () => {
    const listenerId = await scene.listen({ missedRuns: 'latest', maxConcurrent: 5 });
    await scene.leave();
    const fired: string[] = [];
    for (let n = 0; n < 12; n++) fired.push(await scene.accept([listenerId]));
    const shuffled = fired.toSorted((a, b) => a.slice(-6).localeCompare(b.slice(-6)));
    await Promise.all(
      shuffled.map((triggerId, n) => scene.run(n % 2 === 0 ? scene.one : scene.two, listenerId, triggerId, true)),
    );
    const last = fired.at(-1) ?? '';
    const pending = (await scene.sessionsOf(listenerId)).filter(({ status }) => status === 'pending');
    expect(pending).toMatchObject([{ triggerId: last, isHeld: false }]);
    for (const triggerId of fired.slice(0, -1))
      expect(await scene.stateOf(listenerId, triggerId)).toMatchObject({
        state: 'discarded',
        reason: 'missed_while_away',
      });
    expect(await scene.stateOf(listenerId, last)).toBeUndefined();
  });

  describe('where the clocks of two relays differ by a minute, goes by the order of acceptance:', () => {
    const idAt = (msecs: number): string => `trg_${v7({ msecs })}`;
    const acceptTwo = async (listenerId: string): Promise<{ first: string; second: string }> => ({
      first: await scene.accept([listenerId], { triggerId: idAt(Date.now() + 60_000) }),
      second: await scene.accept([listenerId], { triggerId: idAt(Date.now()) }),
    });

    it('the latest of missed triggers', async () => {
      const listenerId = await scene.listen({ missedRuns: 'latest' });
      await scene.leave();
      const { first, second } = await acceptTwo(listenerId);
      for (const triggerId of [second, first]) await scene.run(scene.one, listenerId, triggerId, true);
      expect(await scene.stateOf(listenerId, first)).toMatchObject({ state: 'discarded', reason: 'missed_while_away' });
      expect(await scene.stateOf(listenerId, second)).toBeUndefined();
      expect(await scene.sessionsOf(listenerId)).toMatchObject([{ triggerId: second, status: 'pending' }]);
    });

    it('the next of those that wait for room', async () => {
      const listenerId = await scene.listen({ maxConcurrent: 1 });
      await scene.fire(listenerId);
      await expect.poll(() => scene.summary(listenerId)).toEqual(['pending']);
      const [atWork] = await scene.sessionsOf(listenerId);
      const { first, second } = await acceptTwo(listenerId);
      for (const triggerId of [second, first]) await scene.run(scene.one, listenerId, triggerId);
      const held = async (): Promise<unknown[]> =>
        (await scene.sessionsOf(listenerId)).filter(({ isHeld }) => isHeld).map(({ triggerId }) => triggerId);
      expect(await held()).toHaveLength(2);
      await scene.ada.post(`/api/sessions/${atWork?.sessionId ?? ''}/stop`);
      await expect.poll(held).toEqual([second]);
      expect(scene.spawnsOf(sessionIdOf(listenerId, second))).toBe(0);
      await expect.poll(() => scene.spawnsOf(sessionIdOf(listenerId, first))).toBe(1);
    });
  });

  it('takes a connection that only broke for no absence, however long its runner waits to try again', async () => {
    const listenerId = await scene.listen({ missedRuns: 'none' });
    await scene.leave();
    const triggerId = await scene.fire(listenerId);
    await expect.poll(() => scene.delayOf(triggerId)).toBeGreaterThan(LONGEST_BACKOFF_MS);
    await scene.comeBack();
    await scene.hurry();
    await scene.begin(sessionIdOf(listenerId, triggerId));
    expect(await scene.summary(listenerId)).toEqual(['active']);
  });
});
