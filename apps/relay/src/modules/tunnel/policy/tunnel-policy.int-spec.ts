import type { TunnelPolicy, TunnelTicket, TunnelView } from '@pizzapi/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestAccount } from '../../../../testing/relay-fixture.js';
import { ask, NAVIGATION, open } from '../../../../testing/tunnel-client.js';
import { type ExposedTunnel, TunnelScene } from '../../../../testing/tunnel-scene.js';
import { Database } from '../../../platform/database/database.js';
import { MemberEntity, type Role } from '../../auth/index.js';
import { TunnelPolicyEntity } from './tunnel-policy.entity.js';

let scene: TunnelScene;
let ada: TestAccount;
let tunnel: ExposedTunnel;
let panel: TunnelView;
let sessionTunnels: string;
const PORTS = ['3000-3999', '5173'];

const give = (policy: unknown, account: TestAccount = ada) =>
  account.send<{ policy: TunnelPolicy }>('PUT', '/api/tunnel-policy', { body: policy });
const read = async (account: TestAccount) => (await account.get('/api/tunnel-policy')).body;

beforeAll(async () => {
  scene = await TunnelScene.start();
  ({ ada } = scene);
  const { port } = await scene.serve((request, response) => {
    response.write('begin');
    if (request.url !== '/open') response.end();
  });
  tunnel = await scene.expose(port);
  sessionTunnels = `/api/sessions/${scene.worker.sessionId}/tunnels`;
  await scene.announce({ serviceId: 'builds', label: 'Builds', icon: 'activity', port });
  const { body } = await ada.get<{ tunnels: TunnelView[] }>(sessionTunnels);
  const found = body.tunnels.find(({ serviceId }) => serviceId === 'builds');
  if (!found) throw new Error('The panel has no tunnel.');
  panel = found;
});
afterAll(() => scene[Symbol.asyncDispose]());
beforeEach(async () => {
  expect((await give({})).status).toBe(200);
});

/** A new member of Ada's organisation. */
async function colleague(role: Role): Promise<TestAccount> {
  const account = await scene.relay.account(role);
  await scene.relay.app.get(Database).write(async (manager) => {
    const { organisationId } = await manager.findOneByOrFail(MemberEntity, { userId: ada.userId });
    await manager.update(MemberEntity, { userId: account.userId }, { organisationId, role });
  });
  return account;
}

describe("an organisation's tunnel policy", () => {
  it('allows everything until an owner or admin sets one, which all members may read', async () => {
    const [admin, member] = [await colleague('admin'), await colleague('member')];
    expect(await give({ reader: { ports: [], panels: false } }, admin)).toMatchObject({ status: 200 });
    expect(await read(member)).toMatchObject({
      policy: { reader: { ports: [], panels: false } },
      updatedAt: expect.any(String),
      updatedBy: { userId: admin.userId, name: 'admin' },
    });
    expect(await give({}, member)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await read(await scene.relay.account('bob'))).toEqual({ policy: {}, updatedAt: null, updatedBy: null });
  });

  it.each([
    [{ owner: { ports: ['80-'] } }, 'owner.ports'],
    [{ owner: { ports: ['http'] } }, 'owner.ports'],
    [{ owner: { ports: 5173 } }, 'owner.ports'],
    [{ owner: { panels: 'no' } }, 'owner.panels'],
    [{ owner: { port: [] } }, 'owner.port'],
    [{ guest: {} }, 'guest'],
  ])('is refused where it is not understood, by the name of the field: %j', async (policy, path) => {
    const refused = await give(policy);
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(JSON.stringify(refused.body)).toContain(`"path":"${path}`);
    expect(await read(ada)).toMatchObject({ policy: {} });
  });

  it('keeps people and agents from exposing a port, and says which ports are allowed', async () => {
    await give({ owner: { ports: PORTS }, member: { ports: [] } });
    const sentence = 'Your organisation lets the role owner expose 3000-3999, 5173, and not port 4000';
    expect(await ada.post(sessionTunnels, { port: 4000 })).toMatchObject({
      status: 403,
      body: { code: 'port_refused', detail: expect.stringContaining(sentence) },
    });
    expect(await scene.worker.requestTunnels({ request: 'create', port: 4000 })).toMatchObject({
      ok: false,
      problem: { code: 'port_refused', detail: expect.stringContaining(sentence) },
    });
    for (const port of [3000, 5173]) expect(await ada.post(sessionTunnels, { port })).toMatchObject({ status: 201 });
  });

  it('ends open exchanges, and allows them again when it changes', async () => {
    const headers = { cookie: await scene.enter(tunnel) };
    const stream = (await open(scene.relay.url, `${tunnel.origin}/open`, { headers })).on('error', () => undefined);
    const cut = new Promise<boolean>((resolve) => stream.resume().once('close', () => resolve(!stream.complete)));
    await give({ owner: { ports: PORTS } });
    expect(await cut).toBe(true);

    const byPath = `/api/tunnel/${scene.worker.sessionId}/${tunnel.port}/`;
    const key = { 'x-api-key': ada.apiKey ?? '' };
    expect(await ask(scene.relay.url, tunnel.origin, { headers })).toMatchObject({ status: 401 });
    expect(await ask(scene.relay.url, tunnel.origin, { headers: { ...headers, ...NAVIGATION } })).toMatchObject({
      status: 302,
      headers: { location: expect.stringContaining('/open-tunnel/') },
    });
    expect(await ada.post<TunnelTicket>(`/api/tunnels/${tunnel.tunnelId}/tickets`)).toMatchObject({
      status: 403,
      body: { code: 'port_refused' },
    });
    expect(await ask(scene.relay.url, byPath, { headers: key })).toMatchObject({
      status: 403,
      body: expect.stringContaining('"code":"port_refused"'),
    });
    // The tunnel still exists, and panels are not affected.
    expect(await ada.post(`/api/tunnels/${panel.tunnelId}/tickets`)).toMatchObject({ status: 201 });
    await give({});
    expect(await ask(scene.relay.url, tunnel.origin, { headers })).toMatchObject({ status: 200 });
    expect(await ask(scene.relay.url, byPath, { headers: key })).toMatchObject({ status: 200 });
  });

  it('may concern panels only', async () => {
    await give({ owner: { panels: false } });
    expect(await ada.post(`/api/tunnels/${panel.tunnelId}/tickets`)).toMatchObject({
      status: 403,
      body: { code: 'port_refused', detail: expect.stringContaining('panels') },
    });
    expect(await ada.post(`/api/tunnels/${tunnel.tunnelId}/tickets`)).toMatchObject({ status: 201 });
  });

  it('allows nothing if it comes from a newer relay and is not understood', async () => {
    const headers = { cookie: await scene.enter(tunnel) };
    await give({ owner: {} });
    await scene.relay.app.get(Database).write((manager) =>
      // Bypasses the types, as if written by a newer relay.
      manager
        .createQueryBuilder()
        .update(TunnelPolicyEntity)
        .set({ policy: () => `'{"owner":{"hosts":[]}}'` })
        .execute(),
    );
    for (const answer of [await ada.post(sessionTunnels, { port: 5173 }), await ada.get('/api/tunnel-policy')])
      expect(answer).toMatchObject({ status: 409, body: { code: 'policy_not_understood' } });
    await expect
      .poll(async () => (await ask(scene.relay.url, tunnel.origin, { headers })).status, { timeout: 20_000 })
      .toBe(409);
  });
});
