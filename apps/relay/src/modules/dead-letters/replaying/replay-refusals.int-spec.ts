import type { DeadLetterView } from '@pizzapi/protocol';
import { ScriptedRunner } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster } from '../../../../testing/relay-fixture.js';
import { SessionInbox } from '../../deliveries/index.js';

type Letter = DeadLetterView & { id: string };

describe('a letter that can only be discarded', () => {
  let cluster: TestCluster;
  let ada: TestAccount;
  let runner: ScriptedRunner;
  let inbox: SessionInbox;

  beforeAll(async () => {
    cluster = await startCluster('sqlite');
    const relay = await cluster.start();
    inbox = relay.app.get(SessionInbox, { strict: false });
    ada = await relay.account('ada');
    runner = await ScriptedRunner.connect(ada);
  });
  afterAll(async () => {
    runner.stop();
    await cluster[Symbol.asyncDispose]();
  });

  const letterOf = async (sessionId: string): Promise<Letter | undefined> =>
    (await ada.get<{ deadLetters: Letter[] }>(`/api/dead-letters?sessionId=${sessionId}`)).body.deadLetters[0];
  /** Of a session that has failed. */
  const dead = async (): Promise<{ sessionId: string; letter: Letter }> => {
    const { body } = await ada.post<{ sessionId: string }>('/api/sessions', { runnerId: runner.runnerId });
    const { sessionId } = body;
    await ada.post(`/api/sessions/${sessionId}/trigger`, { type: 'time:tick', payload: {} });
    await expect.poll(() => inbox.list(sessionId)).toHaveLength(1);
    const failure = { code: 'worker_start_failed', detail: 'No room on the disk.' };
    await runner.report({ sessionId, state: 'failed', failure });
    await expect.poll(() => letterOf(sessionId)).toBeDefined();
    // The inbox is the last to forget.
    await expect.poll(() => inbox.list(sessionId)).toEqual([]);
    const letter = await letterOf(sessionId);
    if (!letter) throw new Error('There is no dead letter.');
    return { sessionId, letter };
  };

  it('says so beforehand, as a replay would, also when its session was deleted or cancelled after it had died', async () => {
    const deleted = await dead();
    expect(deleted.letter.replayRefusal).toBeNull();
    expect(await ada.delete(`/api/sessions/${deleted.sessionId}`)).toMatchObject({ status: 204 });
    const cancelled = await dead();
    await ada.post(`/api/sessions/${cancelled.sessionId}/resume`);
    await ada.post(`/api/sessions/${cancelled.sessionId}/stop`);
    for (const [{ sessionId, letter }, code] of [
      [deleted, 'session_deleted'],
      [cancelled, 'session_ended'],
    ] as const) {
      const now = await letterOf(sessionId);
      expect(now).toMatchObject({ reason: letter.reason, replayRefusal: { code } });
      expect((await ada.get(`/api/dead-letters/${letter.id}`)).body).toEqual(now);
      const { body } = await ada.post('/api/dead-letters/replay', { ids: [letter.id] });
      expect(body).toEqual({ replayed: 0, failed: [{ id: letter.id, ...now?.replayRefusal }] });
    }
  });
});
