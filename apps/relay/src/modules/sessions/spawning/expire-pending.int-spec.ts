import { type SessionView } from '@pizzapi/protocol';
import { ScriptedRunner } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';
import { aSessionRow } from '../../../../testing/session-row.js';
import { Database } from '../../../platform/database/database.js';
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
