import { Queue } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { v7 } from 'uuid';
import { silent, TestRedis } from '../../../../testing/test-redis.js';
import { Queues } from '../../../platform/queues/queues.js';
import { sessionKeys } from '../../../platform/redis/keys.js';
import type { Redis } from '../../../platform/redis/redis.js';
import { InboxFeeds } from './inbox-feeds.js';
import { SessionInbox } from './session-inbox.js';
import type { NewDelivery } from './new-delivery.js';

describe('SessionInbox', () => {
  let server: TestRedis;
  let redis: Redis;
  let inbox: SessionInbox;
  let queues: Queues;
  const delivery = (deliveryId: string, text = deliveryId): NewDelivery => ({
    deliveryId,
    kind: 'input',
    deliverAs: 'prompt',
    ts: '2026-11-21T08:00:00.000Z',
    text,
  });
  const texts = async (sessionId: string): Promise<string[]> =>
    (await inbox.list(sessionId)).map(({ item }) => item.text);

  beforeAll(async () => {
    server = await TestRedis.start();
    redis = server.connect();
    queues = new Queues(redis, silent);
    inbox = new SessionInbox(redis, new InboxFeeds(redis), queues, silent);
  });
  afterAll(async () => {
    await queues.onApplicationShutdown();
    await server.stop();
  });

  it('keeps each delivery once, in order, until it is received', async () => {
    const id = v7();
    expect(await inbox.append(id, delivery('a'))).toBe(true);
    expect(await inbox.append(id, delivery('b'))).toBe(true);
    expect(await inbox.append(id, delivery('a'))).toBe(false);
    const {
      items: [a, b],
      last,
    } = await inbox.readAfter(id, '0-0', 10);
    expect([a, b]).toMatchObject([delivery('a'), delivery('b')]);
    expect(last).toBe(b?.cursor);
    expect(await inbox.readAfter(id, a?.cursor ?? '', 10)).toEqual({ items: [b], last });
    expect(await inbox.readAfter(id, last ?? '', 10)).toEqual({ items: [], last: null });
    await inbox.received([{ sessionId: id, deliveryIds: ['a', 'unknown'] }]);
    await inbox.received([{ sessionId: id, deliveryIds: ['a'] }]);
    expect(await texts(id)).toEqual(['b']);
  });

  it('changes what waits without losing its place, and nothing that was sent', async () => {
    const id = v7();
    for (const name of ['a', 'b', 'c']) await inbox.append(id, delivery(name));
    const text = 'tab\t newline\n "quote" \\ slash / ünïcödé 🍕 %s 1 0 ';
    expect(await inbox.edit(id, 'b', text)).toBe('done');
    expect(await inbox.remove(id, 'a')).toBe('done');
    expect(await texts(id)).toEqual([text, 'c']);
    expect((await inbox.readAfter(id, '0-0', 1)).items.map((item) => item.text)).toEqual([text]);
    expect(await inbox.edit(id, 'b', 'late')).toBe('sent');
    expect(await inbox.remove(id, 'b')).toBe('sent');
    expect(await inbox.remove(id, 'a')).toBe('unknown');
    expect(await inbox.remove(id, 'c')).toBe('done');
    expect(await texts(id)).toEqual([text]);
  });

  it('hands over no more at once than one message can carry, and the rest after that', async () => {
    const id = v7();
    for (const name of ['a', 'b', 'c', 'd']) await inbox.append(id, delivery(name, name + 'x'.repeat(150 * 1024)));
    const handedOver = async (cursor: string): Promise<{ names: string[]; last: string }> => {
      const { items, last } = await inbox.readAfter(id, cursor, 100);
      return { names: items.map(({ deliveryId }) => deliveryId), last: last ?? '' };
    };
    const first = await handedOver('0-0');
    expect(first.names).toEqual(['a', 'b']);
    expect(await inbox.edit(id, 'b', 'late')).toBe('sent');
    expect(await inbox.edit(id, 'c', 'c, shorter')).toBe('done');
    const second = await handedOver(first.last);
    expect(second.names).toEqual(['c', 'd']);
    expect(await inbox.readAfter(id, second.last, 100)).toEqual({ items: [], last: null });
  });

  it('lets nobody change or take away a trigger', async () => {
    const id = v7();
    await inbox.append(id, { ...delivery('dlv_1'), kind: 'trigger' });
    expect(await inbox.edit(id, 'dlv_1', 'better')).toBe('unknown');
    expect(await inbox.remove(id, 'dlv_1')).toBe('unknown');
    expect(await texts(id)).toEqual(['dlv_1']);
  });

  it('shows what people have said among very many triggers, in its order', async () => {
    const id = v7();
    const triggers = Array.from({ length: 3_000 }, (_, at): NewDelivery => ({
      ...delivery(`dlv_${at}`),
      kind: 'trigger',
    }));
    const said = ['inp_c', 'inp_a', 'inp_b'].map((name) => delivery(name));
    const all = [...triggers.slice(0, 1_500), said[0], said[1], ...triggers.slice(1_500), said[2]];
    await inbox.appendAll(all.flatMap((item) => (item ? [{ sessionId: id, item }] : [])));
    const shown = async (): Promise<string[]> => {
      const places = await inbox.inputPlaces(id);
      const found = await inbox.find(places.map(({ deliveryId }) => ({ sessionId: id, deliveryId })));
      return found.map((delivery) => delivery?.item.text ?? '');
    };
    expect(await shown()).toEqual(['inp_c', 'inp_a', 'inp_b']);
    await inbox.edit(id, 'inp_a', 'better');
    await inbox.remove(id, 'inp_c');
    expect(await shown()).toEqual(['better', 'inp_b']);
    expect(await inbox.inputPlaces(v7())).toEqual([]);
  });

  it('leaves what it cannot read where it is, and goes on beyond it', async () => {
    const id = v7();
    for (const name of ['torn', 'strange', 'lost', 'd']) await inbox.append(id, delivery(name));
    const ids = sessionKeys.inboxIds(id);
    await redis.commands.hset(ids, 'torn', '1-0 0 {"deliveryId":');
    await redis.commands.hset(ids, 'strange', '2-0 0 {"from":"a newer replica"}');
    await redis.commands.hdel(ids, 'lost');
    const { items, last } = await inbox.readAfter(id, '0-0', 3);
    expect(items).toEqual([]);
    expect((await inbox.readAfter(id, last ?? '', 3)).items).toMatchObject([delivery('d')]);
    expect(await texts(id)).toEqual(['d']);
    expect(await redis.commands.hexists(ids, 'strange')).toBe(1);
  });

  it('asks once for the worker of a paused session, by the first delivery that finds it so', async () => {
    const id = v7();
    const queue = new Queue('spawns', { connection: redis.connect('look'), prefix: '{pz:queues}' });
    const asked = async (): Promise<number> =>
      (await queue.getJobs()).filter(({ name, id: jobId }) => name === 'wake-session' && jobId?.startsWith(id)).length;
    expect(await inbox.pause(id)).toBe(false);
    await inbox.append(id, delivery('a'));
    expect(await asked()).toBe(1);
    await inbox.append(id, delivery('b'));
    expect(await asked()).toBe(1);
    // What came while the worker was on its way out is the business of whoever says that it is gone.
    expect(await inbox.pause(id)).toBe(true);
    await inbox.append(id, delivery('c'));
    expect(await asked()).toBe(1);
    await queue.close();
  });

  it('leaves triggers to a history that goes a day after the session was last heard of, also one that was cleared a moment ago', async () => {
    const id = v7();
    const history = sessionKeys.history(id);
    const receive = async (deliveryId: string): Promise<void> => {
      await inbox.append(id, { ...delivery(deliveryId), kind: 'trigger' });
      await inbox.received([{ sessionId: id, deliveryIds: [deliveryId] }]);
    };
    const DAY_MS = 24 * 3_600_000;
    for (const deliveryId of ['a', 'b']) await receive(deliveryId);
    expect(await redis.commands.llen(history)).toBe(2);
    expect(await redis.commands.pttl(history)).toBeGreaterThan(DAY_MS - 60_000);
    await redis.commands.pexpire(history, 60_000);
    const nextRelay = new SessionInbox(redis, new InboxFeeds(redis), queues, silent);
    await nextRelay.append(id, delivery('said by a person'));
    await nextRelay.received([{ sessionId: id, deliveryIds: ['said by a person'] }]);
    expect(await redis.commands.pttl(history)).toBeGreaterThan(DAY_MS - 60_000);
    await redis.commands.del(history);
    await receive('c');
    expect(await redis.commands.pttl(history)).toBeGreaterThan(DAY_MS - 60_000);
  });
});
