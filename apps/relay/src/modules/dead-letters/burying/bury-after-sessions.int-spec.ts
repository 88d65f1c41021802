import { type DeadLetterView } from '@pizzapi/protocol';
import { ScriptedRunner } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';
import { indexKeys, sessionKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { SessionInbox } from '../../deliveries/index.js';

describe('a session that is deleted', () => {
  let cluster: TestCluster;
  let relay: TestRelay;
  let ada: TestAccount;
  let runner: ScriptedRunner;
  beforeAll(async () => {
    cluster = await startCluster();
    relay = await cluster.start();
    ada = await relay.account('ada');
    runner = await ScriptedRunner.connect(ada);
  });
  afterAll(async () => {
    runner.stop();
    await cluster[Symbol.asyncDispose]();
  });

  const create = async (): Promise<string> =>
    (await ada.post<{ sessionId: string }>('/api/sessions', { runnerId: runner.runnerId })).body.sessionId;
  const fire = async (sessionId: string, n: number): Promise<void> => {
    const trigger = { type: 'time:tick', payload: { n } };
    expect(await ada.post(`/api/sessions/${sessionId}/trigger`, trigger)).toMatchObject({ status: 202 });
  };
  const waiting = (sessionId: string) => relay.app.get(SessionInbox, { strict: false }).list(sessionId);
  const list = async (): Promise<DeadLetterView[]> =>
    (await ada.get<{ deadLetters: DeadLetterView[] }>('/api/dead-letters')).body.deadLetters;

  const redis = () => relay.app.get(Redis).commands;

  it('leaves nothing in Redis', async () => {
    const { sessionId, received } = await runner.startSession();
    await fire(sessionId, 1);
    await expect.poll(() => received).toHaveLength(1);
    const left = (): Promise<string[]> => redis().keys(`pz:{s:${sessionId}}:*`);
    await expect.poll(left).toContain(sessionKeys.history(sessionId));
    const other = await create();
    await fire(other, 2);
    await expect.poll(() => waiting(other)).toHaveLength(1);
    for (const each of [sessionId, other])
      expect(await ada.delete(`/api/sessions/${each}`)).toMatchObject({ status: 204 });
    await expect.poll(left).toEqual([]);
    await expect.poll(() => redis().keys(`pz:{s:${other}}:*`)).toEqual([]);
    expect(await list()).toMatchObject([{ sessionId: other, reason: { code: 'session_deleted' } }]);
  });

  it('is looked at soon once more for what was on its way to it', async () => {
    const sessionId = await create();
    expect(await ada.delete(`/api/sessions/${sessionId}`)).toMatchObject({ status: 204 });
    const waitsSince = async (): Promise<number> => Number(await redis().zscore(indexKeys.inboxes, sessionId));
    await expect.poll(waitsSince).toBeGreaterThan(0);
    // Without a session, something may wait for an hour.
    expect(await waitsSince()).toBeLessThan(Date.now() - 58 * 60_000);
  });
});
