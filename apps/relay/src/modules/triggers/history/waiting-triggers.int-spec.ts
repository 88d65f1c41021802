import { type DeliveredTrigger, IdPrefix } from '@pizzapi/protocol';
import { RelayApi, ScriptedRunner, type ScriptedWorker } from '@pizzapi/testing';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { matchingSessions, numberedTrigger } from '../../../../testing/delivery-parts.js';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';
import { encodeListCursor } from '../../../platform/http/list-cursor.js';
import { Queues } from '../../../platform/queues/queues.js';
import { runnerKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { deliveryIdOf, RunnerBus, triggerItem, TriggerRecords } from '../../deliveries/index.js';
import type { TriggerFiredDto } from '../firing/firing.dto.js';
import type { WaitingTriggersDto } from './history.dto.js';

describe('the triggers that are on their way to a session', () => {
  let cluster: TestCluster;
  let one: TestRelay;
  let two: TestRelay;
  let ada: TestAccount;
  let onTwo: RelayApi;
  let runner: ScriptedRunner;
  let worker: ScriptedWorker;
  let path: string;

  beforeAll(async () => {
    cluster = await startCluster('postgres');
    one = await cluster.start();
    two = await cluster.start();
    ada = await one.account('ada');
    onTwo = new RelayApi(two.url, ada.apiKey);
  });
  afterAll(() => cluster[Symbol.asyncDispose]());
  beforeEach(async () => {
    runner = await ScriptedRunner.connect(ada);
    worker = await runner.startSession({ relayUrl: two.url });
    path = `/api/sessions/${worker.sessionId}`;
    return (): void => {
      worker.stop();
      runner.stop();
    };
  });

  const redis = (): Redis['commands'] => one.app.get(Redis).commands;
  /** Nobody reads the bus: who has its lease has just been killed. */
  const stopReading = async (): Promise<void> => {
    await redis().set(runnerKeys.busLease(runner.runnerId), 'a dead replica', 'PX', 60_000);
  };
  const waiting = async (query = ''): Promise<WaitingTriggersDto> => {
    const answer = await ada.get<WaitingTriggersDto>(`${path}/waiting-triggers${query}`);
    expect(answer).toMatchObject({ status: 200 });
    return answer.body;
  };
  const fire = async (n: number): Promise<string> => {
    const fired = await onTwo.post<TriggerFiredDto>(`${path}/trigger`, { type: 'any', payload: { n } });
    expect(fired).toMatchObject({ status: 202 });
    return fired.body.triggerId;
  };
  const numbersOf = ({ triggers }: WaitingTriggersDto): unknown[] => triggers.map(({ payload }) => payload['n']);

  it('are listed while they are on the bus, and others’ are not', async () => {
    await ada.post(`${path}/trigger-subscriptions`, { triggerType: 'time:tick', params: { n: 1 } });
    const other = await runner.startSession({ relayUrl: one.url });
    await stopReading();
    const triggerId = await fire(0);
    expect((await ada.post(`/api/sessions/${other.sessionId}/trigger`, { type: 'any', payload: {} })).status).toBe(202);
    for (const n of [1, 2]) {
      const request = { type: 'time:tick', payload: { n }, summary: `No. ${n}` };
      const fired = await ada.post(`/api/runners/${runner.runnerId}/trigger-broadcast`, request);
      expect(fired).toMatchObject({ status: 202, body: { subscriptions: n === 1 ? 1 : 0 } });
    }
    expect((await ada.post(`${path}/input`, { text: 'not a trigger' })).status).toBe(202);
    expect(await waiting()).toEqual({
      triggers: [
        expect.objectContaining({ triggerId, payload: { n: 0 }, state: 'waiting', attempts: 0 }),
        expect.objectContaining({ type: 'time:tick', summary: 'No. 1', state: 'waiting', direction: 'inbound' }),
      ],
    });
    await redis().del(runnerKeys.busLease(runner.runnerId));
    await expect.poll(() => worker.received).toHaveLength(3);
    await expect.poll(() => waiting()).toEqual({ triggers: [] });
    other.stop();
  });

  it('are sent once the worker was sent them directly, at every replica', async () => {
    // The first one goes by the inbox, whoever reads the bus.
    await fire(0);
    await expect.poll(() => worker.received).toHaveLength(1);
    await expect.poll(() => waiting()).toEqual({ triggers: [] });
    worker.isSilent = true;
    const triggerId = await fire(1);
    await expect.poll(() => worker.received.at(-1)?.triggerId).toBe(triggerId);
    expect(await waiting()).toMatchObject({ triggers: [{ triggerId, state: 'sent', attempts: 1 }] });
  });

  it('are listed while their fan-out is tried again apart, and while they are replayed long after they died', async () => {
    const { sessionId } = worker;
    const { runnerId } = runner;
    const failed = numberedTrigger(1);
    await stopReading();
    await one.app.get(TriggerRecords, { strict: false }).accept(runnerId, failed, matchingSessions([sessionId]));
    await redis().del(runnerKeys.bus(runnerId));
    const job = { runnerId, triggerId: failed.triggerId };
    await one.app.get(Queues).add('fan-out-trigger', failed.triggerId, job, 3_600_000);
    // Of this one there is no record any more.
    const dead: DeliveredTrigger = { ...numberedTrigger(2), runnerId, subscriptionIds: [] };
    const item = triggerItem(deliveryIdOf(dead.triggerId, sessionId), dead);
    await one.app.get(RunnerBus, { strict: false }).append(runnerId, sessionId, item);
    expect(await waiting()).toMatchObject({ triggers: [{ payload: { n: 2 } }, { payload: { n: 1 } }] });
    await redis().del(runnerKeys.busLease(runnerId));
    await expect.poll(async () => numbersOf(await waiting())).toEqual([1]);
  });

  it('come page by page, those in the inbox first, and each once', async () => {
    worker.stop();
    for (let n = 0; n < 5; n++) {
      await fire(n);
      await ada.post(`${path}/input`, { text: 'in between' });
    }
    const inInbox = async (): Promise<number> => redis().xlen(`pz:{s:${worker.sessionId}}:inbox`);
    await expect.poll(inInbox).toBe(10);
    await stopReading();
    for (let n = 5; n < 8; n++) await fire(n);
    const all = Array.from({ length: 8 }, (_, n) => n);
    expect(numbersOf(await waiting())).toEqual(all);
    for (const limit of [1, 2, 3, 5, 7, 8]) {
      const seen: unknown[] = [];
      for (let cursor: string | undefined = ''; cursor !== undefined;) {
        const page: WaitingTriggersDto = await waiting(`?limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`);
        expect(page.triggers.length).toBeLessThanOrEqual(limit);
        seen.push(...numbersOf(page));
        cursor = page.nextCursor;
      }
      expect(seen, `limit ${limit}`).toEqual(all);
    }
    const list = `waiting triggers ${worker.sessionId}`;
    const broken = ['', 'inbox.', 'bus.1-x', 'apart.'].map((place) => encodeListCursor(list, place));
    const foreign = encodeListCursor(`waiting triggers ${v7()}`, 'inbox.1-1');
    for (const cursor of ['x', 'inbox.1-1', `${IdPrefix.trigger}${v7()}`, foreign, ...broken])
      expect(await ada.get(`${path}/waiting-triggers?cursor=${cursor}`)).toMatchObject({
        status: 400,
        body: { errors: [{ path: 'cursor' }] },
      });
  });
});
