import { ProblemCode } from '@pizzapi/protocol';
import { RelayApi, ScriptedRunner, type ScriptedWorker } from '@pizzapi/testing';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asks, ChildScene, finishes, heardBy, hears } from '../../../testing/child-scene.js';

let scene: ChildScene;
let parent: ScriptedWorker;

beforeAll(async () => {
  scene = await ChildScene.start();
});
afterAll(() => scene[Symbol.asyncDispose]());
beforeEach(async () => {
  parent = await scene.session();
});

/** The parent's latest trigger of a type. */
const heard = (type: string, count?: number) => hears(parent, type, count);

describe('where a child session starts', () => {
  it('is no runner of another owner', async () => {
    const ofBob = await ScriptedRunner.connect(scene.bob);
    const foreign = await scene.spawn(parent, { runnerId: ofBob.runnerId }).catch((error: unknown) => error);
    const unknown = await scene.spawn(parent, { runnerId: v7() }).catch((error: unknown) => error);
    expect(foreign).toMatchObject({ code: ProblemCode.notFound });
    expect(foreign).toEqual(unknown);
    expect(ofBob.orders).toEqual([]);
    expect((await scene.ask(parent, { request: 'list' })).children).toEqual([]);
    expect(JSON.stringify(await scene.ask(parent, { request: 'runners' }))).not.toContain(ofBob.runnerId);
    ofBob.stop();
  });

  it('may be another runner that is away, in that one’s folder: it waits for that', async () => {
    const away = await ScriptedRunner.connect(scene.ada, 'away');
    const { runnerId } = away;
    away.stop();
    const runners = async () => (await scene.ask(parent, { request: 'runners' })).runners;
    await expect.poll(runners).toContainEqual(expect.objectContaining({ runnerId, online: false }));
    const [sessionId, same] = await Promise.all([
      scene.spawn(parent, { runnerId, callKey: 'entry/away', isFolderReal: true }),
      scene.spawn(parent, { runnerId, callKey: 'entry/away', isFolderReal: true }),
    ]);
    expect(same).toBe(sessionId);
    const waiting = { sessionId, runnerId, status: 'pending', cwd: '' };
    expect((await scene.ask(parent, { request: 'list' })).children).toMatchObject([waiting]);
    const back = await ScriptedRunner.connect(new RelayApi(scene.two.url, scene.ada.apiKey), 'away', { runnerId });
    await expect.poll(() => back.orders).toHaveLength(1);
    expect(back.orders[0]).toMatchObject({ order: 'spawn', sessionId, isResume: false });
    expect(back.orders[0]).not.toHaveProperty('cwd');
    // What a sandbox says of folders holds on its own machine.
    expect(back.orders[0]).not.toHaveProperty('isFolderReal');
    const child = await back.startWorker(sessionId, scene.two.url);
    await expect.poll(() => child.received).toMatchObject([{ text: 'Do it.', fromSessionId: parent.sessionId }]);
    finishes(child, 'Done over there.');
    expect(await heard('session:completed')).toMatchObject({ payload: { sessionId, answer: 'Done over there.' } });
    await scene.ask(parent, { request: 'stop', sessionId });
    back.stop();
  });

  it('is, of a confined parent, the very folder that was decided about', async () => {
    const cwd = '/srv/code/part';
    const sessionId = await scene.spawn(parent, { cwd, runnerId: scene.runner.runnerId, isFolderReal: true });
    const ordered = () => scene.runner.orders.find((order) => order.sessionId === sessionId);
    await expect.poll(ordered).toMatchObject({ order: 'spawn', cwd, isFolderReal: true });
    const other = await scene.spawn(parent, { cwd });
    await expect.poll(() => scene.runner.orders.find((order) => order.sessionId === other)).toMatchObject({ cwd });
    expect(scene.runner.orders.find((order) => order.sessionId === other)).not.toHaveProperty('isFolderReal');
  });
});

describe('how a child session is confined', () => {
  const frame = {
    mode: 'full' as const,
    floor: 'full' as const,
    allowedDomains: ['example.org'],
    denied: ['/srv/private'],
  };
  const orderOf = (sessionId: string, { orders } = scene.runner) =>
    expect.poll(() => orders.find((order) => order.sessionId === sessionId));

  it('is at least as its parent is, also when it is resumed', async () => {
    const sessionId = await scene.spawn(parent, { frame });
    await orderOf(sessionId).toMatchObject({ order: 'spawn', frame });
    await scene.ends(await scene.work(sessionId));
    expect((await scene.ada.post(`/api/sessions/${sessionId}/resume`)).status).toBe(202);
    const orders = () => scene.runner.orders.filter((order) => order.sessionId === sessionId);
    await expect.poll(orders).toHaveLength(2);
    expect(orders()[1]).toMatchObject({ order: 'spawn', frame });
  });

  it('is so on another runner, too, by all that means something there', async () => {
    const other = await ScriptedRunner.connect(scene.ada, 'other');
    const sessionId = await scene.spawn(parent, { runnerId: other.runnerId, frame });
    const { denied: _, ...elsewhere } = frame;
    await orderOf(sessionId, other).toMatchObject({ frame: elsewhere });
    expect(other.orders[0]).not.toHaveProperty('frame.denied');
    other.stop();
  });

  it('is as the relay knows its parent, where a person starts it below that', async () => {
    parent.send({ type: 'sandbox.changed', data: { mode: 'full', isEnforced: true } });
    await expect.poll(() => scene.view(parent.sessionId)).toMatchObject({ sandbox: { mode: 'full' } });
    const body = { runnerId: scene.runner.runnerId, prompt: 'Help.', parentSessionId: parent.sessionId };
    const made = await scene.ada.post<{ sessionId: string }>('/api/sessions', body);
    await orderOf(made.body.sessionId).toMatchObject({ frame: { mode: 'full', floor: 'full' } });
    // Its children as well, before it has said anything of itself.
    const child = await scene.work(made.body.sessionId);
    await orderOf(await scene.spawn(child)).toMatchObject({ frame: { mode: 'full', floor: 'full' } });
  });
});

describe('a child session that is over', () => {
  it('is told nothing and answered nothing; its parent reads what to do instead', async () => {
    const child = await scene.work(await scene.spawn(parent));
    asks(child);
    const { triggerId } = await heard('session:question');
    await scene.runner.report({
      sessionId: child.sessionId,
      state: 'failed',
      failure: { code: ProblemCode.workerCrashed, detail: 'It ended.' },
    });
    await heard('session:failed');
    const { sessionId } = child;
    for (const request of [
      { request: 'tell', callKey: 'e/late', sessionId, text: 'Faster.' },
      { request: 'respond', triggerId, text: 'All of them.' },
      { request: 'escalate', triggerId },
    ] as const)
      await expect(scene.ask(parent, request)).rejects.toMatchObject({
        code: ProblemCode.sessionEnded,
        message: expect.stringContaining('spawn_session'),
      });
  });
});

describe('what keeps a child session from its task', () => {
  it('is told its parent where it is a runner that does not come back', async () => {
    await using brief = await ChildScene.start({ PIZZAPI_SPAWN_MAX_WAIT: '1s' });
    const own = await brief.session();
    const away = await ScriptedRunner.connect(brief.ada, 'away');
    away.stop();
    const sessionId = await brief.spawn(own, { runnerId: away.runnerId });
    const { payload } = await hears(own, 'session:failed');
    expect(payload).toMatchObject({ sessionId, code: ProblemCode.spawnExpired });
    expect((await brief.ask(own, { request: 'list' })).children).toMatchObject([{ sessionId, status: 'failed' }]);
  });

  it('is told its parent, too, where it is a hook of a plugin', async () => {
    const child = await scene.work(await scene.spawn(parent, { name: 'Child' }));
    const ts = new Date().toISOString();
    const notice = { role: 'pluginHook', plugin: 'guard', event: 'UserPromptSubmit', text: 'Not on Sundays.', at: ts };
    const kept = (outcome: string, event = notice.event) =>
      ({
        type: 'entry.appended',
        data: { entryId: v7(), kind: 'notice', ts, content: { ...notice, outcome, event } },
      }) as const;
    child.send(
      { type: 'activity.changed', data: { activity: 'working' } },
      kept('said'),
      kept('blocked', 'PostToolUse'),
      kept('blocked'),
      { type: 'activity.changed', data: { activity: 'idle' } },
    );
    const { payload } = await heard('session:error');
    expect(payload).toMatchObject({
      code: 'prompt_blocked',
      detail: expect.stringMatching(/guard .*Not on Sundays\.$/),
    });
    finishes(child, 'On to Monday.');
    await heard('session:completed');
    expect(heardBy(parent)).toHaveLength(2);
  });
});
