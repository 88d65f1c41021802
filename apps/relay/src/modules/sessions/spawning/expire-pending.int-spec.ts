import type { DeadLetterView, SessionView } from '@pizzapi/protocol';
import { ScriptedRunner } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';
import { aSessionRow } from '../../../../testing/session-row.js';
import { Database } from '../../../platform/database/database.js';
import { SessionInbox } from '../../deliveries/index.js';
import { SessionEntity } from '../session.entity.js';

const HOUR = 3_600_000;
/** The first look comes some seconds after the start of the relay. */
const PATIENCE = { timeout: 30_000 };

describe('sessions that wait too long for their runner', () => {
  let cluster: TestCluster;
  let relay: TestRelay;
  let ada: TestAccount;
  beforeAll(async () => {
    cluster = await startCluster();
    relay = await cluster.start({ PIZZAPI_SPAWN_MAX_WAIT: '1s' });
    ada = await relay.account('ada');
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  describe('or whose runner was removed', () => {
    const shown = async (sessionId: string): Promise<SessionView> =>
      (await ada.get<SessionView>(`/api/sessions/${sessionId}`)).body;
    const ordered = ({ orders }: ScriptedRunner, sessionId: string): boolean =>
      orders.some((order) => order.order === 'spawn' && order.sessionId === sessionId);
    /** An account's runner that is away. */
    const leave = async (runner: ScriptedRunner): Promise<void> => {
      runner.stop();
      const isAway = (): Promise<unknown> => ada.get(`/api/runners/${runner.runnerId}`);
      await expect.poll(isAway).toMatchObject({ body: { online: false } });
    };

    it('cannot be resumed before it is back', async () => {
      const runner = await ScriptedRunner.connect(ada, 'removed');
      const { runnerId } = runner;
      const { sessionId } = await runner.startSession();
      await runner.report({ sessionId, state: 'ended' });
      await expect.poll(() => shown(sessionId)).toMatchObject({ status: 'ended' });
      await leave(runner);
      expect(await ada.delete(`/api/runners/${runnerId}`)).toMatchObject({ status: 204 });
      const resume = (): Promise<unknown> => ada.post(`/api/sessions/${sessionId}/resume`);
      expect(await resume()).toMatchObject({ status: 409, body: { code: 'runner_removed' } });
      expect(await shown(sessionId)).toMatchObject({ status: 'ended' });

      const back = await ScriptedRunner.connect(ada, 'back', { runnerId });
      expect(await resume()).toMatchObject({ status: 202 });
      await expect.poll(() => ordered(back, sessionId)).toBe(true);
      back.stop();
    });

    it('fail when they were made at that very moment, and explain what waited for them', async () => {
      const runner = await ScriptedRunner.connect(ada, 'removed');
      const { runnerId } = runner;
      await leave(runner);
      expect(await ada.delete(`/api/runners/${runnerId}`)).toMatchObject({ status: 204 });
      // As whoever had found the runner before goes on.
      const maxWaitMs = 24 * HOUR;
      const row = aSessionRow({ ownerId: ada.userId, runnerId }, { status: 'pending', startedAt: null, maxWaitMs });
      const { sessionId } = row;
      const item = { kind: 'input' as const, deliverAs: 'followUp' as const, ts: new Date().toISOString() };
      const first = { ...item, deliveryId: `inp_${sessionId}`, text: 'Fix the build', authorId: ada.userId };
      await relay.app.get(SessionInbox, { strict: false }).append(sessionId, first);
      await relay.app
        .get(Database)
        .write((transaction) => transaction.insert(SessionEntity, { ...row, waitsSince: new Date() }));
      await expect
        .poll(() => shown(sessionId), PATIENCE)
        .toMatchObject({ status: 'failed', failure: { code: 'runner_removed' } });
      const letters = async (): Promise<DeadLetterView[]> => {
        const path = `/api/dead-letters?sessionId=${sessionId}`;
        return (await ada.get<{ deadLetters: DeadLetterView[] }>(path)).body.deadLetters;
      };
      await expect.poll(letters).toMatchObject([{ payload: 'Fix the build', reason: { code: 'runner_removed' } }]);
      const replay = (): Promise<unknown> => ada.post(`/api/dead-letters/${first.deliveryId}/replay`);
      expect(await replay()).toMatchObject({ status: 409, body: { code: 'runner_removed' } });

      const back = await ScriptedRunner.connect(ada, 'back', { runnerId });
      expect(await replay()).toMatchObject({ status: 202 });
      await expect.poll(() => ordered(back, sessionId)).toBe(true);
      const worker = await back.startWorker(sessionId);
      await expect.poll(() => worker.received).toMatchObject([{ text: 'Fix the build' }]);
      worker.stop();
      back.stop();
    });
  });

  it('expire however many others have waited longer for a runner that is there', async () => {
    const present = await ScriptedRunner.connect(ada, 'present');
    const away = await ScriptedRunner.connect(ada, 'away');
    away.stop();
    const isAway = (): Promise<unknown> => ada.get(`/api/runners/${away.runnerId}`);
    await expect.poll(isAway).toMatchObject({ body: { online: false } });
    const waiting = ({ runnerId }: ScriptedRunner, waitsSince: Date): SessionEntity =>
      aSessionRow({ ownerId: ada.userId, runnerId }, { status: 'pending', startedAt: null, waitsSince });
    const many = Array.from({ length: 1_200 }, () => waiting(present, new Date(Date.now() - 2 * HOUR)));
    const late = waiting(away, new Date(Date.now() - HOUR));
    await relay.app.get(Database).write(async (transaction) => {
      for (let at = 0; at < many.length; at += 200) await transaction.insert(SessionEntity, many.slice(at, at + 200));
      await transaction.insert(SessionEntity, late);
    });
    const shown = async ({ sessionId }: SessionEntity): Promise<SessionView> =>
      (await ada.get<SessionView>(`/api/sessions/${sessionId}`)).body;
    await expect
      .poll(() => shown(late), PATIENCE)
      .toMatchObject({ status: 'failed', failure: { code: 'spawn_expired' } });
    for (const each of [many[0], many.at(-1)]) expect(each && (await shown(each))).toMatchObject({ status: 'pending' });
    present.stop();
  });
});
