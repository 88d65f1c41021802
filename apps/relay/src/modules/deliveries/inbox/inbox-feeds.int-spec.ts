import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it, type MockInstance, vi } from 'vitest';
import { silent, TestRedis } from '../../../../testing/test-redis.js';
import { Channels } from '../../../platform/redis/channels.js';
import type { Redis } from '../../../platform/redis/redis.js';
import { InboxFeeds } from './inbox-feeds.js';
import { Queues } from '../../../platform/queues/queues.js';
import { SessionInbox } from './session-inbox.js';
import type { NewDelivery } from './new-delivery.js';
import { WorkerFeed } from './worker-feed.js';

/** One replica with the worker of a session attached to it, as the gateway attaches one. */
class AttachedReplica {
  readonly sent: string[] = [];
  readonly inbox: SessionInbox;
  readonly feeds: InboxFeeds;
  readonly reads: MockInstance<SessionInbox['readAfter']>;
  private readonly channels: Channels;

  constructor(redis: Redis) {
    this.feeds = new InboxFeeds(redis);
    this.inbox = new SessionInbox(redis, this.feeds, new Queues(redis, silent), silent);
    this.reads = vi.spyOn(this.inbox, 'readAfter');
    this.channels = new Channels(redis, silent);
  }

  async attach(sessionId: string): Promise<WorkerFeed> {
    const feed = new WorkerFeed({
      sessionId,
      send: (items) => this.sent.push(...items.map(({ deliveryId }) => deliveryId)),
      inbox: this.inbox,
      channels: this.channels,
      logger: silent,
    });
    await this.feeds.add(sessionId, { token: v7(), feed }, () => true);
    await feed.start();
    return feed;
  }
}

describe('the feeds of inboxes', () => {
  let server: TestRedis;
  let one: AttachedReplica;
  let two: AttachedReplica;
  const trigger = (deliveryId: string): NewDelivery => ({
    deliveryId,
    kind: 'trigger',
    deliverAs: 'followUp',
    ts: new Date().toISOString(),
    text: '{}',
  });

  beforeAll(async () => {
    server = await TestRedis.start();
    one = new AttachedReplica(server.connect());
    two = new AttachedReplica(server.connect());
  });
  afterAll(() => server.stop());

  it('hand over what is appended on their replica without reading it back', async () => {
    const id = v7();
    await one.inbox.append(id, trigger('before'));
    const feed = await one.attach(id);
    await expect.poll(() => one.sent).toEqual(['before']);
    await expect.poll(() => one.reads.mock.calls.length).toBe(2); // all that was there, and that there is no more
    const names = Array.from({ length: 50 }, (_, n) => `t${n}`);
    await one.inbox.appendAll(names.map((name) => ({ sessionId: id, item: trigger(name) })));
    expect(one.sent).toEqual(['before', ...names]);
    expect(one.reads).toHaveBeenCalledTimes(2);
    expect((await one.inbox.list(id)).map(({ timesSent }) => timesSent)).toEqual(names.map(() => 1).concat(1));
    feed.stop();
  });

  it('wake the replica to which the worker has moved, also when the old one has not noticed', async () => {
    const id = v7();
    const old = await one.attach(id);
    const feed = await two.attach(id);
    await one.inbox.append(id, trigger('appended on the old replica'));
    await expect.poll(() => two.sent).toEqual(['appended on the old replica']);
    old.stop();
    feed.stop();
  });

  it('read what the other replica appended before they go on with what is theirs', async () => {
    const id = v7();
    const feed = await one.attach(id);
    one.sent.length = 0;
    const order = Array.from({ length: 40 }, (_, n) => `o${n}`);
    for (const [n, name] of order.entries()) await (n % 3 === 0 ? two : one).inbox.append(id, trigger(name));
    await expect.poll(() => one.sent).toHaveLength(40);
    expect(one.sent).toEqual(order);
    feed.stop();
  });
});
