import type { AgentPolicy, AgentPolicyView } from '@pizzapi/protocol';
import { ScriptedRunner } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';
import { Database } from '../../../platform/database/database.js';
import { MemberEntity, type Role } from '../../auth/index.js';
import { AgentPolicyEntity } from './agent-policy.entity.js';

const careful: AgentPolicy = {
  sandbox: { floor: 'basic', allowedDomains: ['registry.npmjs.org', '*.example.org'], denied: ['~/customers'] },
  approvals: { rules: [{ tool: 'bash', pattern: 'git push *', action: 'ask' }], deadlineMs: 60_000 },
};
const strict: AgentPolicy = { sandbox: { mode: 'full', floor: 'full' } };

describe("an organisation's policy for its agents", () => {
  let cluster: TestCluster;
  let relay: TestRelay;
  let ada: TestAccount;
  let grace: TestAccount;

  beforeAll(async () => {
    cluster = await startCluster();
    relay = await cluster.start();
    ada = await relay.account('ada');
    grace = await relay.account('grace');
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  const change = (account: TestAccount, policy: unknown) =>
    account.send<AgentPolicyView>('PUT', '/api/agent-policy', { body: policy });
  const read = async (account: TestAccount) => (await account.get<AgentPolicyView>('/api/agent-policy')).body;
  /** A new member of Ada's organisation. */
  async function colleague(role: Role): Promise<TestAccount> {
    const account = await relay.account(role);
    await relay.app.get(Database).write(async (manager) => {
      const { organisationId } = await manager.findOneByOrFail(MemberEntity, { userId: ada.userId });
      await manager.update(MemberEntity, { userId: account.userId }, { organisationId, role });
    });
    return account;
  }

  it('is null until somebody sets it, and then has the author and the time', async () => {
    expect(await read(ada)).toEqual({ policy: {}, updatedAt: null, updatedBy: null });
    const given = await change(ada, careful);
    expect(given).toMatchObject({
      status: 200,
      body: { policy: careful, updatedBy: { userId: ada.userId, name: 'ada' } },
    });
    expect(given.body).toEqual(await read(ada));
    expect(await read(grace)).toMatchObject({ policy: {}, updatedBy: null });
  });

  it('is not replaced if it has changed since the version that the caller names', async () => {
    const seen = (await change(ada, careful)).body.updatedAt ?? '';
    const put = (ifMatch: string) =>
      ada.send<{ code: string }>('PUT', '/api/agent-policy', { body: strict, headers: { 'if-match': ifMatch } });
    for (const stale of ['"none"', '"2020-01-01T00:00:00.000Z"', seen])
      expect(await put(stale)).toMatchObject({ status: 412, body: { code: 'policy_changed' } });
    expect((await read(ada)).policy).toEqual(careful);
    expect((await put(`"${seen}"`)).status).toBe(200);
    expect((await read(ada)).policy).toEqual(strict);
  });

  it('is replaced as a whole', async () => {
    await change(ada, careful);
    expect((await change(ada, { approvals: {} })).body.policy).toEqual({ approvals: {} });
  });

  it.each<[Role, number]>([
    ['admin', 200],
    ['member', 403],
    ['reader', 403],
  ])('is read by everybody in it; a person with the role %s who changes it is answered %i', async (role, status) => {
    await change(ada, careful);
    const person = await colleague(role);
    expect((await read(person)).policy).toEqual(careful);
    expect((await change(person, strict)).status).toBe(status);
    expect((await read(ada)).policy).toEqual(status === 200 ? strict : careful);
  });

  it.each<[string, unknown, string]>([
    ['a misspelt field', { sandbox: { flor: 'full' } }, 'sandbox.flor'],
    ['an unknown mode', { sandbox: { mode: 'strict' } }, 'sandbox.mode'],
    ['a URL for a host', { sandbox: { allowedDomains: ['https://example.org'] } }, 'sandbox.allowedDomains'],
    ['a pattern for a path', { sandbox: { denied: ['~/*.pem'] } }, 'sandbox.denied'],
    ['an unknown action', { approvals: { rules: [{ tool: 'bash', action: 'forbid' }] } }, 'approvals.rules.0.action'],
    ['a misspelt field of a rule', { approvals: { rules: [{ tool: 'bash', action: 'deny', patern: 'x' }] } }, 'patern'],
    ['a deadline of no time', { approvals: { deadlineMs: 0 } }, 'approvals.deadlineMs'],
    ['no object', [], ''],
  ])('refuses %s by the name of its field, and keeps what was', async (_what, policy, path) => {
    await change(ada, careful);
    const refused = await ada.send<{ code: string; detail: string }>('PUT', '/api/agent-policy', { body: policy });
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(refused.body.detail).toContain(path);
    expect((await read(ada)).policy).toEqual(careful);
  });

  it('is sent to runners with each order to start a session, as it is at that time', async () => {
    await change(ada, careful);
    const first = await ScriptedRunner.connect(ada, 'build-1', { acknowledges: false });
    const { runnerId } = first;
    await ada.post('/api/sessions', { runnerId });
    await expect.poll(() => first.orders).toMatchObject([{ order: 'spawn', policy: careful }]);
    first.stop();

    await change(ada, strict);
    const again = await ScriptedRunner.connect(ada, 'build-1', { runnerId });
    const policyAt = (await ada.get<AgentPolicyView>('/api/agent-policy')).body.updatedAt;
    await expect.poll(() => again.orders).toMatchObject([{ order: 'spawn', policy: strict, policyAt }]);
    again.stop();
  });

  it('reaches runners that are connected when it changes, and those that connect', async () => {
    const before = (await change(ada, careful)).body.updatedAt;
    const daemon = await ScriptedRunner.connect(ada);
    await expect.poll(() => daemon.policies).toEqual([{ policy: careful, policyAt: before }]);
    const after = (await change(ada, strict)).body.updatedAt;
    await expect.poll(() => daemon.policies.at(-1)).toEqual({ policy: strict, policyAt: after });
    daemon.stop();
  });

  it('that only a newer relay understands keeps sessions from starting, blocks nothing else, and can be replaced', async () => {
    await change(ada, careful);
    const daemon = await ScriptedRunner.connect(ada);
    await expect.poll(() => daemon.policies).toHaveLength(1);
    const worker = await daemon.startSession();
    const newer = { ...careful, network: { egress: 'audited' } };
    await relay.app.get(Database).write(async (manager) => {
      const { organisationId } = await manager.findOneByOrFail(MemberEntity, { userId: ada.userId });
      await manager.update(AgentPolicyEntity, { organisationId }, { policy: newer });
    });
    expect(await ada.get('/api/agent-policy')).toMatchObject({ status: 409, body: { code: 'policy_not_understood' } });
    const { runnerId } = daemon;
    const { sessionId } = (await ada.post<{ sessionId: string }>('/api/sessions', { runnerId })).body;
    const failed = { status: 'failed', failure: { code: 'policy_not_understood' } };
    await expect.poll(async () => (await ada.get(`/api/sessions/${sessionId}`)).body).toMatchObject(failed);
    await ada.post(`/api/sessions/${worker.sessionId}/stop`);
    await expect.poll(() => daemon.orders.map(({ order }) => order)).toEqual(['spawn', 'stop']);
    expect(daemon.policies.map(({ policy }) => policy)).toEqual([careful]);
    // A runner that connects is told, so that its sessions can show that they keep their previous policy.
    const later = await ScriptedRunner.connect(ada, 'build-2');
    await expect
      .poll(() => later.unknownPolicies)
      .toMatchObject([{ detail: expect.stringContaining('Update this relay') }]);
    expect(later.policies).toEqual([]);
    later.stop();

    await change(ada, strict);
    await ada.post(`/api/sessions/${sessionId}/resume`);
    await expect.poll(() => daemon.orders.at(-1)).toMatchObject({ order: 'spawn', sessionId, policy: strict });
    worker.stop();
    daemon.stop();
  });

  it('is not sent if there is none', async () => {
    const daemon = await ScriptedRunner.connect(grace);
    await grace.post('/api/sessions', { runnerId: daemon.runnerId });
    await expect.poll(() => daemon.orders.length).toBe(1);
    expect(daemon.orders[0]).not.toHaveProperty('policy');
    daemon.stop();
  });
});
