import { randomUUID } from 'node:crypto';
import type { AgentTunnelRequest, PanelDef, ServiceAnnouncement, TunnelTicket, TunnelView } from '@pizzapi/protocol';
import { RelayApi, ScriptedRunner, type ScriptedWorker, TestViewer } from '@pizzapi/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';
import { TunnelEntity } from './tunnel.entity.js';
import { Database } from '../../../platform/database/database.js';

const LABEL = /^[a-z2-7]{26}$/;
const RELAY_PORT = 7_000;

const panel = (serviceId: string, port: number, label = 'Build watch'): PanelDef => ({
  serviceId,
  label,
  icon: 'activity',
  port,
});
const announcing = (...panels: PanelDef[]): ServiceAnnouncement => ({
  services: panels.map(({ serviceId, label, icon }) => ({ id: serviceId, label, icon, state: 'running', error: null })),
  panels,
  triggerDefs: [],
  sigilDefs: [],
});

describe.each(['sqlite', 'postgres'] as const)('tunnels on %s', (database) => {
  let cluster: TestCluster;
  let one: TestRelay;
  let two: TestRelay;
  let ada: TestAccount;
  let bob: TestAccount;
  let daemon: ScriptedRunner;
  let worker: ScriptedWorker;
  let path: string;

  const open = async (port: number, name?: string, api: RelayApi = ada): Promise<TunnelView> => {
    const answer = await api.post<TunnelView>(path, { port, ...(name === undefined ? {} : { name }) });
    expect(answer).toMatchObject({ status: 201 });
    return answer.body;
  };
  const list = async (api: RelayApi = ada): Promise<TunnelView[]> =>
    (await api.get<{ tunnels: TunnelView[] }>(path)).body.tunnels;
  const rows = async (): Promise<TunnelEntity[]> => one.app.get(Database).read.find(TunnelEntity);
  const labelOf = ({ url }: TunnelView): string => url.slice(url.lastIndexOf('/') + 1);

  beforeAll(async () => {
    cluster = await startCluster(database);
    const env = { PIZZAPI_TUNNEL_DOMAIN: 'localhost:7492' };
    one = await cluster.start(env);
    // An SQLite file belongs to one relay.
    two = database === 'postgres' ? await cluster.start(env) : one;
    [ada, bob] = [await one.account('ada'), await one.account('bob')];
    daemon = await ScriptedRunner.connect(ada);
    daemon.socket.on('runner:check-port', ({ port }, answer) => {
      if (port !== RELAY_PORT) return answer({ ok: true });
      answer({ ok: false, problem: { code: 'port_refused', detail: 'The relay itself listens on port 7000.' } });
    });
  });
  afterAll(() => cluster[Symbol.asyncDispose]());
  beforeEach(async () => {
    worker = await daemon.startSession();
    path = `/api/sessions/${worker.sessionId}/tunnels`;
  });
  afterEach(async () => {
    worker.stop();
    await ada.delete(`/api/sessions/${worker.sessionId}`);
  });

  it('opens a port of a session once, shows it, renames it, and closes it', async () => {
    const made = await open(5173, 'Vite', new RelayApi(two.url, ada.apiKey));
    expect(made).toEqual({
      tunnelId: expect.stringMatching(/^tun_[0-9a-f-]{36}$/),
      runnerId: daemon.runnerId,
      sessionId: worker.sessionId,
      serviceId: null,
      port: 5173,
      name: 'Vite',
      ownerId: ada.userId,
      openedBy: 'person',
      origin: `http://${labelOf(made)}.localhost:7492`,
      url: expect.stringContaining('/open-tunnel/'),
      createdAt: expect.any(String),
    });
    expect(labelOf(made)).toMatch(LABEL);
    expect(await open(5173)).toEqual(made);
    expect(await open(5173, 'Docs')).toEqual({ ...made, name: 'Docs' });
    expect(await open(8080)).toMatchObject({ name: 'Port 8080' });
    expect((await list()).map(({ name }) => name)).toEqual(['Docs', 'Port 8080']);
    expect(await ada.get(`/api/tunnels/${made.tunnelId}`)).toMatchObject({ status: 200, body: { name: 'Docs' } });
    expect(await ada.get(`/api/tunnels/${labelOf(made)}`)).toMatchObject({ body: { tunnelId: made.tunnelId } });

    expect(await ada.delete(`/api/tunnels/${made.tunnelId}`)).toMatchObject({ status: 204 });
    expect((await list()).map(({ port }) => port)).toEqual([8080]);
    expect(await ada.get(`/api/tunnels/${made.tunnelId}`)).toMatchObject({ status: 404 });
    expect(await ada.delete(`/api/tunnels/${made.tunnelId}`)).toMatchObject({ status: 404 });
    // A port that is exposed again gets a new address.
    expect(labelOf(await open(5173))).not.toBe(labelOf(made));
  });

  it('lists all tunnels of the caller in pages', async () => {
    await open(4001);
    await open(4002);
    await open(4003);
    const first = await ada.get<{ tunnels: TunnelView[]; nextCursor: string }>('/api/tunnels?limit=2');
    expect(first.body.tunnels.map(({ port }) => port)).toEqual([4003, 4002]);
    const next = await ada.get<{ tunnels: TunnelView[] }>(`/api/tunnels?limit=2&cursor=${first.body.nextCursor}`);
    expect(next.body.tunnels[0]).toMatchObject({ port: 4001 });
    expect(await bob.get('/api/tunnels')).toMatchObject({ body: { tunnels: [] } });
  });

  it('is inaccessible to other users', async () => {
    const made = await open(5173);
    for (const id of [made.tunnelId, labelOf(made)]) {
      expect(await bob.get(`/api/tunnels/${id}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
      expect(await bob.delete(`/api/tunnels/${id}`)).toMatchObject({ status: 404 });
      expect(await bob.post(`/api/tunnels/${id}/tickets`)).toMatchObject({ status: 404 });
    }
    expect(await bob.get(path)).toMatchObject({ status: 404 });
    expect(await bob.post(path, { port: 1 })).toMatchObject({ status: 404 });
    expect(await ada.get(`/api/tunnels/${'a'.repeat(26)}`)).toMatchObject({ status: 404 });
  });

  it('exposes no port that the runner refuses, and none of an offline runner', async () => {
    expect(await ada.post(path, { port: RELAY_PORT })).toMatchObject({ status: 422, body: { code: 'port_refused' } });
    expect(await ada.post(path, { port: 0 })).toMatchObject({ status: 400, body: { errors: [{ path: 'port' }] } });
    expect(await ada.post(path, { port: 70_000 })).toMatchObject({ status: 400 });
    expect(await list()).toEqual([]);
    expect(await ada.post(`/api/sessions/${await awaySession()}/tunnels`, { port: 5173 })).toMatchObject({
      status: 503,
      body: { code: 'runner_offline' },
    });
  });

  it('offers agents the same, for their own session only', async () => {
    const ask = (message: AgentTunnelRequest): ReturnType<ScriptedWorker['requestTunnels']> =>
      worker.requestTunnels(message);
    const made = await ask({ request: 'create', port: 5173, name: 'Vite' });
    expect(made).toMatchObject({ ok: true, tunnels: [{ port: 5173, name: 'Vite', openedBy: 'agent' }] });
    expect(await ask({ request: 'list' })).toEqual(made);
    expect(await ask({ request: 'create', port: RELAY_PORT })).toMatchObject({
      ok: false,
      problem: { code: 'port_refused', detail: 'The relay itself listens on port 7000.' },
    });
    const other = await daemon.startSession();
    const foreign = await ada.post<TunnelView>(`/api/sessions/${other.sessionId}/tunnels`, { port: 5173 });
    expect(await ask({ request: 'close', tunnelId: foreign.body.tunnelId })).toMatchObject({ ok: false });
    expect(await ask({ request: 'close', tunnelId: (await list())[0]?.tunnelId ?? '' })).toEqual({
      ok: true,
      tunnels: [],
    });
    expect(await list()).toEqual([]);
    await ask({ request: 'create', port: 6000 });
    expect(await ask({ request: 'close-port', port: 6000 })).toEqual({ ok: true, tunnels: [] });
    expect(await ask({ request: 'close-port', port: 6000 })).toEqual({ ok: true, tunnels: [] });
    expect(await list()).toEqual([]);
    expect(await ask({ request: 'create', port: 0 })).toMatchObject({ problem: { code: 'malformed_message' } });
    other.stop();
    await ada.delete(`/api/sessions/${other.sessionId}`);
  });

  it('makes one address for each panel, which it keeps', async () => {
    const announce = (...panels: PanelDef[]): Promise<unknown> =>
      daemon.socket.emitWithAck('service:announce', announcing(...panels));
    await announce(panel('builds', 4100), panel('tests', 4101));
    const [builds, tests] = await list();
    expect(builds).toMatchObject({ serviceId: 'builds', sessionId: null, port: 4100, openedBy: 'service' });
    expect(tests).toMatchObject({ serviceId: 'tests', name: 'Build watch' });

    await announce(panel('builds', 4200, 'Builds'));
    expect(await list()).toEqual([{ ...builds, port: 4200, name: 'Builds' }]);
    await announce(panel('tests', 4300));
    expect(await list()).toEqual([{ ...tests, port: 4300 }]);

    expect(await ada.delete(`/api/tunnels/${tests?.tunnelId}`)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('disable the service') },
    });
    daemon.socket.disconnect();
    await expect.poll(() => list()).toEqual([{ ...tests, port: null }]);
    const reconnected = new Promise((resolve) => daemon.socket.once('connect', () => resolve(undefined)));
    daemon.socket.connect();
    await reconnected;
    await expect.poll(() => list()).toEqual([{ ...tests, port: 4300 }]);
    await announce();
    expect(await list()).toEqual([]);
  });

  it('closes with its session, and tells those who watch', async () => {
    const viewer = new TestViewer(two.url, ada.apiKey ?? '', worker.sessionId);
    const session = (): Promise<unknown> => ada.get(`/api/sessions/${worker.sessionId}`);
    await expect.poll(session).toMatchObject({ body: { viewers: [{ name: 'ada' }] } });
    const changed: string[] = [];
    viewer.socket.on('session:tunnels-changed', ({ sessionId }) => changed.push(sessionId));
    const made = await open(5173);
    await expect.poll(() => changed).toEqual([worker.sessionId]);

    worker.stop();
    await expect.poll(session).toMatchObject({ body: { isConnected: false } });
    expect(await ada.post(`/api/sessions/${worker.sessionId}/stop`)).toMatchObject({ body: { status: 'ended' } });
    expect(await ada.get(`/api/tunnels/${made.tunnelId}`)).toMatchObject({ status: 404 });
    expect((await rows()).filter(({ sessionId }) => sessionId === worker.sessionId)).toEqual([]);
    expect(await ada.post(path, { port: 5173 })).toMatchObject({ status: 409, body: { code: 'session_ended' } });
    await expect.poll(() => changed).toHaveLength(2);
    viewer.stop();
  });

  it('is removed with its session and with its runner', async () => {
    await open(5173);
    await ada.delete(`/api/sessions/${worker.sessionId}`);
    expect((await rows()).filter(({ sessionId }) => sessionId === worker.sessionId)).toEqual([]);

    const gone = await ScriptedRunner.connect(ada);
    await gone.socket.emitWithAck('service:announce', announcing(panel('builds', 4100)));
    const ofRunner = async (): Promise<number> =>
      (await rows()).filter(({ runnerId }) => runnerId === gone.runnerId).length;
    expect(await ofRunner()).toBe(1);
    gone.stop();
    await expect.poll(async () => (await ada.delete(`/api/runners/${gone.runnerId}`)).status).toBe(204);
    expect(await ofRunner()).toBe(0);
  });

  it('hands out tickets of both forms', async () => {
    const made = await open(5173);
    const ticket = (body: object): ReturnType<RelayApi['post']> =>
      ada.post(`/api/tunnels/${labelOf(made)}/tickets`, body);
    const own = await ada.post<TunnelTicket>(`/api/tunnels/${labelOf(made)}/tickets`, { path: '//docs?page=2' });
    expect(own).toMatchObject({ status: 201, body: { form: 'origin' } });
    expect(own.body.url).toMatch(
      new RegExp(`^http://${labelOf(made)}\\.localhost:7492/\\.pizzapi/enter\\?ticket=[\\w-]{43}$`),
    );
    expect(new Date(own.body.expiresAt).getTime() - Date.now()).toBeGreaterThan(50_000);
    expect(await ticket({ form: 'path', path: '/docs?page=2' })).toMatchObject({
      status: 201,
      body: { form: 'path', url: expect.stringMatching(/\/api\/tunnel\/auth\/[\w-]+\.[\w-]+\.[\w-]+\/docs\?page=2$/) },
    });
    for (const bad of ['docs', 'http://evil.example/', '/a b', '/a\r\nx: y', ''])
      expect(await ticket({ path: bad })).toMatchObject({ status: 400, body: { errors: [{ path: 'path' }] } });
    expect(await ticket({ form: 'carrier pigeon' })).toMatchObject({ status: 400 });
  });

  /** A session whose runner has left. */
  async function awaySession(): Promise<string> {
    const runner = await ScriptedRunner.connect(ada, 'away', { runnerId: randomUUID() });
    const started = await runner.startSession();
    runner.stop();
    started.stop();
    await expect
      .poll(async () => (await ada.get(`/api/runners/${runner.runnerId}`)).body)
      .toMatchObject({ online: false });
    return started.sessionId;
  }
});
