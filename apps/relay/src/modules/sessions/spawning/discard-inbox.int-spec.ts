import { ProblemCode } from '@pizzapi/protocol';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DeliveryParts, matchingSessions, numberedTrigger } from '../../../../testing/delivery-parts.js';
import { TestRedis } from '../../../../testing/test-redis.js';
import { deliveryIdOf } from '../../deliveries/index.js';
import { DiscardInbox } from './discard-inbox.js';

describe('DiscardInbox', () => {
  let server: TestRedis;
  let parts: DeliveryParts;
  beforeAll(async () => {
    server = await TestRedis.start();
    parts = new DeliveryParts(server.connect());
  });
  afterAll(() => server.stop());

  it('says in the records of all that waits that it was discarded, also of what comes meanwhile', async () => {
    const [runnerId, sessionId] = [v7(), v7()];
    const fire = async (n: number): Promise<string> => {
      const trigger = numberedTrigger(n);
      await parts.bus.accept(runnerId, trigger, matchingSessions([sessionId]), null);
      await parts.bus.drain(runnerId);
      return trigger.triggerId;
    };
    const triggerIds: string[] = [];
    for (let n = 0; n < 3; n++) triggerIds.push(await fire(n));
    expect(await parts.inbox.list(sessionId)).toHaveLength(3);
    // A broadcast that was accepted before the session was cancelled, and is fanned out right now.
    const settle = parts.records.settle.bind(parts.records);
    vi.spyOn(parts.records, 'settle').mockImplementationOnce(async (...settlement) => {
      triggerIds.push(await fire(3));
      return settle(...settlement);
    });
    await new DiscardInbox(parts.inbox, parts.records).run(sessionId, ProblemCode.sessionCancelled);

    expect(await parts.inbox.list(sessionId)).toEqual([]);
    for (const triggerId of triggerIds) {
      const record = await parts.records.read(runnerId, triggerId);
      expect(record?.settled.get(deliveryIdOf(triggerId, sessionId))).toMatchObject({
        state: 'discarded',
        reason: 'session_cancelled',
      });
    }
    expect(triggerIds).toHaveLength(4);
  });
});
