import type { DeadLetterView, DeliveryView } from '@pizzapi/protocol';
import { ScriptedRunner } from '@pizzapi/testing';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';
import { deadLetterKeys } from '../../../platform/redis/keys.js';
import { SessionInbox } from '../../deliveries/index.js';
import { DeadLetterRepository } from '../dead-letter.repository.js';
import { BuryDeliveries } from './bury-deliveries.js';

type Letter = DeadLetterView & { id: string };

describe('a burial that is not over', () => {
  let cluster: TestCluster;
  let relay: TestRelay;
  let ada: TestAccount;
  let runner: ScriptedRunner;
  let redis: Redis;
  let names = 0;

  beforeAll(async () => {
    cluster = await startCluster('sqlite');
    relay = await cluster.start();
    redis = new Redis(cluster.redis.url);
  });
  afterAll(async () => {
    redis.disconnect();
    await cluster[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    ada = await relay.account(`ada${names++}`);
    runner = await ScriptedRunner.connect(ada);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    runner.stop();
  });

  const list = async (): Promise<Letter[]> =>
    (await ada.get<{ deadLetters: Letter[] }>('/api/dead-letters')).body.deadLetters;
  const waiting = (sessionId: string) => relay.app.get(SessionInbox, { strict: false }).list(sessionId);
  const replay = (id: string) => ada.post(`/api/dead-letters/${id}/replay`);
  const stateOf = async (triggerId: string): Promise<DeliveryView | undefined> =>
    (await ada.get<{ deliveries: DeliveryView[] }>(`/api/triggers/${triggerId}`)).body.deliveries[0];
  const withWaitingTrigger = async (): Promise<{ sessionId: string; triggerId: string }> => {
    const made = await ada.post<{ sessionId: string }>('/api/sessions', { runnerId: runner.runnerId });
    const { sessionId } = made.body;
    const request = { type: 'time:tick', payload: { n: 1 } };
    const fired = await ada.post<{ triggerId: string }>(`/api/sessions/${sessionId}/trigger`, request);
    await expect.poll(() => waiting(sessionId)).toHaveLength(1);
    return { sessionId, triggerId: fired.body.triggerId };
  };
  const fail = (sessionId: string) =>
    runner.report({ sessionId, state: 'failed', failure: { code: 'worker_crashed', detail: 'It crashed.' } });
  /** Lets the next burial store its letter, and stands still before its next step. */
  const stopAfterSaving = (): { saved: Promise<void>; goOn: () => void } => {
    const letters = relay.app.get(DeadLetterRepository, { strict: false });
    const saved = Promise.withResolvers<void>();
    const going = Promise.withResolvers<void>();
    const save = letters.save.bind(letters);
    vi.spyOn(letters, 'save').mockImplementationOnce(async (rows) => {
      await save(rows);
      saved.resolve();
      await going.promise;
    });
    return { saved: saved.promise, goOn: going.resolve };
  };
  /** The session's worker has the trigger once, and everything says so. */
  const arrives = async (sessionId: string, triggerId: string): Promise<void> => {
    const worker = await runner.startWorker(sessionId);
    await expect.poll(() => stateOf(triggerId)).toMatchObject({ state: 'received' });
    expect(worker.received).toMatchObject([{ triggerId }]);
    expect(await list()).toEqual([]);
    await expect.poll(() => waiting(sessionId)).toEqual([]);
    worker.stop();
  };

  it('lets nobody replay its letter before the inbox has forgotten the delivery', async () => {
    const { sessionId, triggerId } = await withWaitingTrigger();
    const { saved, goOn } = stopAfterSaving();
    await fail(sessionId);
    await saved;
    const [letter] = await list();
    expect(await replay(letter?.id ?? '')).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(await ada.delete(`/api/dead-letters/${letter?.id ?? ''}`)).toMatchObject({ status: 409 });
    goOn();
    await expect.poll(() => waiting(sessionId)).toEqual([]);
    await expect.poll(async () => (await replay(letter?.id ?? '')).status).toBe(202);
    await arrives(sessionId, triggerId);
  });

  it('is waited for by who replays its letter in its last steps', async () => {
    const { sessionId, triggerId } = await withWaitingTrigger();
    const { saved, goOn } = stopAfterSaving();
    await fail(sessionId);
    await saved;
    const [letter] = await list();
    const replayed = replay(letter?.id ?? '');
    goOn();
    expect(await replayed).toMatchObject({ status: 202 });
    await arrives(sessionId, triggerId);
  });

  it('takes nothing away that was replayed meanwhile, should it last so long that its claim runs out', async () => {
    const { sessionId, triggerId } = await withWaitingTrigger();
    const { saved, goOn } = stopAfterSaving();
    await fail(sessionId);
    await saved;
    const [letter] = await list();
    await redis.del(deadLetterKeys.claim(letter?.id ?? ''));
    const [before] = await waiting(sessionId);
    expect(await replay(letter?.id ?? '')).toMatchObject({ status: 202 });
    await expect.poll(async () => (await waiting(sessionId))[0]?.item.cursor).not.toBe(before?.item.cursor);
    await expect.poll(() => waiting(sessionId)).toHaveLength(1);
    goOn();
    await expect.poll(() => stateOf(triggerId)).toMatchObject({ state: 'dead' });
    await arrives(sessionId, triggerId);
  });

  it('is not begun for what has left its place in the inbox since it was read there', async () => {
    const { sessionId, triggerId } = await withWaitingTrigger();
    const [read] = await waiting(sessionId);
    if (!read) throw new Error('Nothing waits.');
    await fail(sessionId);
    await expect.poll(() => waiting(sessionId)).toEqual([]);
    const [letter] = await list();
    await expect.poll(async () => (await replay(letter?.id ?? '')).status).toBe(202);
    await expect.poll(() => waiting(sessionId)).toHaveLength(1);
    const { item } = read;
    const late = [{ sessionId, item, attempts: 0, cursor: item.cursor }];
    await relay.app.get(BuryDeliveries, { strict: false }).run(late, { code: 'session_failed', detail: 'Late.' });
    expect(await list()).toEqual([]);
    await arrives(sessionId, triggerId);
  });
});
