import { afterAll, beforeAll, expect, it } from 'vitest';
import { silent, TestRedis } from '../../../../testing/test-redis.js';
import { sessionKeys } from '../../../platform/redis/keys.js';
import { Queues } from '../../../platform/queues/queues.js';
import { InboxFeeds } from '../inbox/inbox-feeds.js';
import { SessionInbox } from '../inbox/session-inbox.js';
import type { NewDelivery } from '../inbox/new-delivery.js';
import { TriggerHistory } from './trigger-history.js';
import { TriggerResponses } from './trigger-responses.js';

let server: TestRedis;
beforeAll(async () => (server = await TestRedis.start()));
afterAll(() => server.stop());

it('what a session answered is kept for as many triggers as its history has, the latest', async () => {
  const redis = server.connect();
  const responses = new TriggerResponses(redis);
  const ts = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString();
  for (let n = 0; n < 251; n += 1) await responses.put('ses_1', `trg_${n}`, { text: `${n}`, ts: ts(n) });
  const kept = (await redis.commands.hkeys(sessionKeys.responses('ses_1'))).map((id) => Number(id.slice(4)));
  expect(kept.sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, n) => 51 + n));
});

it('what a session answered stays as long as its history goes on, whichever way triggers reach it', async () => {
  const redis = server.connect();
  const queues = new Queues(redis, silent);
  const responses = new TriggerResponses(redis);
  const history = new TriggerHistory(redis, responses, silent);
  const inbox = new SessionInbox(redis, new InboxFeeds(redis), queues, silent);
  const item = (deliveryId: string): NewDelivery => ({
    deliveryId,
    kind: 'trigger',
    deliverAs: 'followUp',
    ts: '2026-01-01T00:00:00.000Z',
    text: '{}',
  });
  const ways = {
    ses_direct: () => history.enter([{ sessionId: 'ses_direct', items: [item('dlv_1')] }]),
    ses_inbox: async () => {
      await inbox.append('ses_inbox', item('dlv_1'));
      await inbox.received([{ sessionId: 'ses_inbox', deliveryIds: ['dlv_1'] }]);
    },
  };
  for (const [sessionId, receive] of Object.entries(ways)) {
    const key = sessionKeys.responses(sessionId);
    await responses.put(sessionId, 'trg_1', { text: 'Seen.', ts: '2026-01-01T00:00:00.000Z' });
    await redis.commands.pexpire(key, 60_000); // a day later, nearly
    await receive();
    expect(await redis.commands.pttl(key)).toBeGreaterThan(23 * 3_600_000);
  }
  await queues.onApplicationShutdown();
});
