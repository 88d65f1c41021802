import type { RunnerOrder, SessionPlugin, SessionView } from '@pizzapi/protocol';
import { RelayApi, ScriptedRunner, type ScriptedWorker, TestViewer } from '@pizzapi/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../testing/relay-fixture.js';

describe('sessions on two replicas', () => {
  let cluster: TestCluster;
  let one: TestRelay;
  let two: TestRelay;
  let ada: TestAccount;
  let bob: TestAccount;
  let runner: ScriptedRunner;

  beforeAll(async () => {
    cluster = await startCluster('postgres');
    one = await cluster.start();
    two = await cluster.start();
    ada = await one.account('ada');
    bob = await one.account('bob');
  });
  afterAll(() => cluster[Symbol.asyncDispose]());
  beforeEach(async () => {
    runner = await ScriptedRunner.connect(ada);
  });
  afterEach(() => runner.stop());

  const create = async (request: object = {}, headers = {}): Promise<string> => {
    const answer = await ada.post<{ sessionId: string }>(
      '/api/sessions',
      { runnerId: runner.runnerId, ...request },
      headers,
    );
    expect(answer).toMatchObject({ status: 202, body: { status: 'pending' } });
    return answer.body.sessionId;
  };
  const away = async (): Promise<void> => {
    runner.stop();
    await expect.poll(() => ada.get(`/api/runners/${runner.runnerId}`)).toMatchObject({ body: { online: false } });
  };
  const get = async (sessionId: string): Promise<SessionView> =>
    (await ada.get<SessionView>(`/api/sessions/${sessionId}`)).body;
  const ordersFor = (sessionId: string): RunnerOrder[] =>
    runner.orders.filter((order) => order.sessionId === sessionId);
  const running = async (request: object = {}): Promise<{ sessionId: string; attached: ScriptedWorker }> => {
    const sessionId = await create(request);
    await expect.poll(() => ordersFor(sessionId)).toHaveLength(1);
    await runner.report({ sessionId, state: 'started', cwd: '/srv/code/real' });
    const attached = await runner.startWorker(sessionId, two.url);
    await expect.poll(() => get(sessionId)).toMatchObject({ status: 'active', isConnected: true });
    return { sessionId, attached };
  };

  it('spawns by an order, and runs with its prompt as the first input', async () => {
    const model = { provider: 'demo', id: 'demo' };
    const { sessionId, attached } = await running({ cwd: '/srv/code', prompt: 'Fix the build\nplease', model });
    expect(ordersFor(sessionId)).toMatchObject([
      { order: 'spawn', cwd: '/srv/code', model, name: 'Fix the build', isResume: false },
    ]);
    expect(await get(sessionId)).toMatchObject({
      name: 'Fix the build',
      cwd: '/srv/code/real',
      model,
      ownerId: ada.userId,
      failure: null,
      viewers: [],
    });
    await expect
      .poll(() => attached.received)
      .toMatchObject([
        {
          kind: 'input',
          text: 'Fix the build\nplease',
          deliverAs: 'prompt',
          authorId: ada.userId,
          authorName: 'ada',
        },
      ]);
    attached.stop();
    await expect.poll(() => get(sessionId)).toMatchObject({ status: 'active', isConnected: false });
  });

  it('makes one session of a repeated request', async () => {
    const headers = { 'idempotency-key': 'twice' };
    const sessionId = await create({ prompt: 'once' }, headers);
    expect(await create({ prompt: 'once' }, headers)).toBe(sessionId);
  });

  it('refuses a folder outside of the roots that the runner announced, and makes nothing of it', async () => {
    const asked: unknown[] = [];
    runner.socket.on('runner:list-folders', ({ path }, answer) => {
      asked.push(path);
      if (path === '/home/ada/link')
        answer({ ok: true, listing: { path, parent: null, folders: [], truncated: false } });
      else answer({ ok: false, problem: { code: 'folder_outside_roots', detail: `The runner knows ${path}.` } });
    });
    const attempt = (cwd: string, headers = {}) =>
      ada.post('/api/sessions', { runnerId: runner.runnerId, cwd, prompt: 'Go' }, headers);
    const refused = (detail: string): object => ({ status: 422, body: { code: 'folder_outside_roots', detail } });
    const before = (await ada.get<{ sessions: unknown[] }>('/api/sessions?limit=200')).body.sessions.length;
    expect(await attempt('/etc')).toMatchObject(refused('The runner knows /etc.'));
    expect(await attempt('code')).toMatchObject(
      refused('"code" is not an absolute path; choose a folder within /srv/code.'),
    );
    expect((await ada.get<{ sessions: unknown[] }>('/api/sessions?limit=200')).body.sessions).toHaveLength(before);
    // A link leads into them from elsewhere, which only the runner can tell.
    const headers = { 'idempotency-key': 'by-a-link' };
    const linked = await attempt('/home/ada/link', headers);
    expect(linked).toMatchObject({ status: 202 });
    expect(asked).toEqual(['/etc', '/home/ada/link']);

    await away();
    expect(await attempt('/home/ada/other')).toMatchObject(
      refused(
        '"/home/ada/other" is outside the runner\'s workspace roots (/srv/code); choose a folder within them, or add it to PIZZAPI_WORKSPACE_ROOTS.',
      ),
    );
    expect(await attempt('/srv/code/../../etc')).toMatchObject({ status: 422, body: { code: 'folder_outside_roots' } });
    expect(await attempt('/srv/code/app')).toMatchObject({ status: 202 });
    // What was accepted stays so, also for who asks again.
    expect((await attempt('/home/ada/link', headers)).body).toEqual(linked.body);
  });

  it('keeps sessions from other accounts', async () => {
    const sessionId = await create();
    const path = `/api/sessions/${sessionId}`;
    const attempts = [
      bob.get(path),
      bob.delete(path),
      bob.send('PATCH', path, { body: { name: 'mine' } }),
      bob.send('PUT', `${path}/pin`),
      bob.post(`${path}/stop`),
      bob.post(`${path}/resume`),
      bob.post(`${path}/abort`),
      bob.post(`${path}/input`, { text: 'hello' }),
      bob.get(`${path}/inputs`),
      bob.get(`${path}/transcript`),
      bob.post(`/api/runners/${runner.runnerId}/worker-tokens`, { sessionId }),
      bob.get(`/api/sessions/recent-folders?runnerId=${runner.runnerId}`),
    ];
    for (const answer of await Promise.all(attempts))
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await bob.get('/api/sessions')).toMatchObject({ body: { sessions: [] } });
  });

  it('fails with the reason the daemon gives, and starts from the beginning when asked again', async () => {
    const sessionId = await create({ cwd: '/srv/code/missing' });
    await expect.poll(() => ordersFor(sessionId)).toHaveLength(1);
    const failure = { code: 'folder_missing', detail: 'There is no folder /srv/code/missing.' };
    await runner.report({ sessionId, state: 'failed', failure });
    expect(await get(sessionId)).toMatchObject({ status: 'failed', failure });
    expect(await ada.post(`/api/sessions/${sessionId}/resume`)).toMatchObject({
      status: 202,
      body: { status: 'pending' },
    });
    await expect.poll(() => ordersFor(sessionId)).toMatchObject([{}, { order: 'spawn', isResume: false }]);
    expect(await get(sessionId)).toMatchObject({ status: 'pending', failure: null });
  });

  it('cancels a session that waits for its runner, and takes its order back', async () => {
    await away();
    const sessionId = await create();
    expect(await ada.post(`/api/sessions/${sessionId}/stop`)).toMatchObject({
      status: 202,
      body: { status: 'cancelled' },
    });
    expect(await ada.post(`/api/sessions/${sessionId}/input`, { text: 'hello' })).toMatchObject({
      status: 409,
      // It never ran, so to resume it would be no advice.
      body: { code: 'session_ended', detail: expect.stringContaining('start a new one') as string },
    });
    expect(await ada.post(`/api/sessions/${sessionId}/resume`)).toMatchObject({
      status: 409,
      body: { code: 'session_not_ended' },
    });
    runner = await ScriptedRunner.connect(ada, 'back', { runnerId: runner.runnerId });
    await expect.poll(() => ordersFor(sessionId).map(({ order }) => order)).toEqual(['stop']);
    // Too late: it had begun before it heard of the cancellation.
    expect(await runner.report({ sessionId, state: 'started' })).toEqual({ ok: true });
    expect(await get(sessionId)).toMatchObject({ status: 'cancelled' });
  });

  it('stops a running session, resumes it from its file, and is not misled by the end of the earlier run', async () => {
    const { sessionId, attached } = await running();
    attached.send(
      { type: 'session.opened', data: { epoch: 1, isResumed: false } },
      { type: 'activity.changed', data: { activity: 'working' } },
    );
    await attached.flushed();
    await expect.poll(() => get(sessionId)).toMatchObject({ activity: 'working' });
    expect(await ada.post(`/api/sessions/${sessionId}/stop`)).toMatchObject({
      status: 202,
      body: { status: 'active' },
    });
    await expect.poll(() => ordersFor(sessionId).map(({ order }) => order)).toEqual(['spawn', 'stop']);
    await runner.report({ sessionId, state: 'ended' });
    expect(await get(sessionId)).toMatchObject({ status: 'ended', activity: null });
    expect(await ada.post(`/api/runners/${runner.runnerId}/worker-tokens`, { sessionId })).toMatchObject({
      status: 409,
      body: { code: 'session_ended' },
    });

    expect(await ada.post(`/api/sessions/${sessionId}/resume`)).toMatchObject({ status: 202 });
    await runner.report({ sessionId, state: 'ended' });
    expect(await get(sessionId)).toMatchObject({ status: 'pending' });
    await expect.poll(() => ordersFor(sessionId)).toMatchObject([{}, {}, { order: 'spawn', isResume: true }]);
    await runner.report({ sessionId, state: 'started' });
    expect(await get(sessionId)).toMatchObject({ status: 'active' });
  });

  it('ends a session at once whose worker is away', async () => {
    const { sessionId, attached } = await running();
    attached.stop();
    await expect.poll(() => get(sessionId)).toMatchObject({ isConnected: false });
    expect(await ada.post(`/api/sessions/${sessionId}/abort`)).toMatchObject({
      status: 409,
      body: { code: 'session_disconnected' },
    });
    expect(await ada.post(`/api/sessions/${sessionId}/stop`)).toMatchObject({ body: { status: 'ended' } });
  });

  it('passes commands to the worker on another replica', async () => {
    const { sessionId, attached } = await running();
    expect(await ada.post(`/api/sessions/${sessionId}/abort`)).toMatchObject({ status: 204 });
    expect(await ada.post(`/api/sessions/${sessionId}/continue`)).toMatchObject({ status: 204 });
    expect(await ada.post(`/api/sessions/${sessionId}/model`, { provider: 'demo', id: 'demo' })).toMatchObject({
      status: 204,
    });
    expect(await ada.send('PATCH', `/api/sessions/${sessionId}`, { body: { name: 'Renamed' } })).toMatchObject({
      status: 200,
      body: { name: 'Renamed' },
    });
    for (const name of ['  ', '\u202e', '\u3164', '\u2800'])
      expect(await ada.send('PATCH', `/api/sessions/${sessionId}`, { body: { name } })).toMatchObject({ status: 400 });
    attached.stop();
  });

  it('lets a person change what waits, until the worker has it', async () => {
    const sessionId = await create();
    const send = async (text: string): Promise<string> =>
      (await ada.post<{ inputId: string }>(`/api/sessions/${sessionId}/input`, { text, deliverAs: 'followUp' })).body
        .inputId;
    const [first, second, third] = [await send('one'), await send('two'), await send('three')];
    const path = `/api/sessions/${sessionId}/inputs`;
    expect(await ada.send('PATCH', `${path}/${first}`, { body: { text: 'ONE "quoted"\n/' } })).toMatchObject({
      status: 204,
    });
    expect(await ada.delete(`${path}/${second}`)).toMatchObject({ status: 204 });
    expect(await ada.get(path)).toMatchObject({
      body: {
        inputs: [
          { inputId: first, text: 'ONE "quoted"\n/', deliverAs: 'followUp', authorName: 'ada' },
          { inputId: third, text: 'three' },
        ],
      },
    });
    const attached = await runner.startWorker(sessionId, two.url);
    await expect.poll(() => attached.received.map(({ text }) => text)).toEqual(['ONE "quoted"\n/', 'three']);
    await expect.poll(() => ada.get(path)).toMatchObject({ body: { inputs: [] } });
    attached.stop();
    await expect.poll(() => get(sessionId)).toMatchObject({ isConnected: false });
    expect(await ada.delete(`${path}/${first}`)).toMatchObject({
      status: 409,
      body: { code: 'input_already_delivered' },
    });
  });

  it('tells a browser that comes later what an input may begin with and which plugins there are, as it was said last', async () => {
    const { sessionId, attached } = await running();
    const compact = { name: 'compact', description: 'Make room', kind: 'action' } as const;
    attached.send({ type: 'commands.changed', data: { commands: [] } });
    const kit: SessionPlugin = {
      name: 'kit',
      path: '/kit',
      source: 'user',
      state: 'used',
      brings: ['1 hook'],
      unadapted: [],
    };
    attached.send({ type: 'commands.changed', data: { commands: [compact], plugins: [kit] } });
    await attached.flushed();
    const viewer = new TestViewer(one.url, ada.apiKey ?? '', sessionId, null);
    await expect.poll(() => viewer.state?.commands).toEqual([compact]);
    expect(viewer.state?.plugins).toEqual([kit]);
    viewer.stop();
    // As the relay before this one kept it.
    const redis = new Redis(cluster.redis.url);
    await redis.hset(`pz:{s:${sessionId}}:meta`, 'commands', JSON.stringify([compact]));
    redis.disconnect();
    const another = new TestViewer(one.url, ada.apiKey ?? '', sessionId, null);
    await expect.poll(() => another.state?.commands).toEqual([compact]);
    expect(another.state?.plugins).toBeUndefined();
    another.stop();
    attached.stop();
  });

  it('removes a session with everything it left behind', async () => {
    const { sessionId, attached } = await running({ prompt: 'hello' });
    expect(await ada.delete(`/api/sessions/${sessionId}`)).toMatchObject({ status: 204 });
    expect(await ada.get(`/api/sessions/${sessionId}`)).toMatchObject({ status: 404 });
    await expect.poll(() => ordersFor(sessionId).at(-1)?.order).toBe('delete');
    expect(await runner.report({ sessionId, state: 'ended' })).toMatchObject({
      ok: false,
      problem: { code: 'not_found' },
    });
    attached.stop();
  });

  it('orders what a crash left without a job', async () => {
    await away();
    const sessionId = await create();
    const redis = new Redis(cluster.redis.url);
    await expect
      .poll(() => redis.del(`pz:{r:${runner.runnerId}}:inbox`, `pz:{r:${runner.runnerId}}:inbox-ids`))
      .toBe(2);
    redis.disconnect();
    const third = await cluster.start(); // looks after pending sessions when it boots
    runner = await ScriptedRunner.connect(new RelayApi(third.url, ada.apiKey), 'back', { runnerId: runner.runnerId });
    await expect.poll(() => ordersFor(sessionId)).toMatchObject([{ order: 'spawn' }]);
  });
});
