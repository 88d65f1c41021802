import { IdPrefix, type Trigger } from '@pizzapi/protocol';
import { v7 } from 'uuid';
import { BusIndex } from '../src/modules/deliveries/bus/bus-index.js';
import { DeliverApart } from '../src/modules/deliveries/bus/deliver-apart.js';
import { DeliverEntries } from '../src/modules/deliveries/bus/deliver-entries.js';
import { FanOut } from '../src/modules/deliveries/bus/fan-out.js';
import { RunnerBus } from '../src/modules/deliveries/bus/runner-bus.js';
import { DirectDeliveries } from '../src/modules/deliveries/direct/direct-deliveries.js';
import { TriggerHistory } from '../src/modules/deliveries/history/trigger-history.js';
import { TriggerResponses } from '../src/modules/deliveries/history/trigger-responses.js';
import { InboxFeeds } from '../src/modules/deliveries/inbox/inbox-feeds.js';
import { ReceiveDeliveries } from '../src/modules/deliveries/inbox/receive-deliveries.js';
import { SessionInbox } from '../src/modules/deliveries/inbox/session-inbox.js';
import { WorkerFeed } from '../src/modules/deliveries/inbox/worker-feed.js';
import type { Matches } from '../src/modules/deliveries/records/matches.js';
import { TriggerRecords } from '../src/modules/deliveries/records/trigger-records.js';
import { Replica } from '../src/platform/observability/replica.js';
import { Queues } from '../src/platform/queues/queues.js';
import { Channels } from '../src/platform/redis/channels.js';
import type { Redis } from '../src/platform/redis/redis.js';
import { silent } from './test-redis.js';

/** One replica's share of the way from the bus to the workers. */
export class DeliveryParts {
  readonly queues = new Queues(this.redis, silent);
  readonly feeds = new InboxFeeds(this.redis);
  readonly inbox = new SessionInbox(this.redis, this.feeds, this.queues, silent);
  readonly direct = new DirectDeliveries(this.inbox, this.feeds);
  readonly history = new TriggerHistory(this.redis, new TriggerResponses(this.redis), silent);
  readonly records: TriggerRecords;
  readonly bus: RunnerBus;
  readonly receive: ReceiveDeliveries;
  private readonly channels = new Channels(this.redis, silent);

  constructor(readonly redis: Redis) {
    const index = new BusIndex(redis);
    this.records = new TriggerRecords(redis, index);
    const deliver = new DeliverEntries(
      this.records,
      new FanOut(this.inbox, this.direct, this.queues),
      new DeliverApart(this.queues),
      silent,
    );
    this.bus = new RunnerBus(redis, new Replica(), index, this.records, deliver, this.direct, silent);
    this.receive = new ReceiveDeliveries(this.inbox, this.records, this.history, this.direct);
  }

  /** A worker's connection, as the gateway makes one. */
  async attach(sessionId: string): Promise<AttachedWorker> {
    const worker = new AttachedWorker(this, sessionId, this.channels);
    await this.feeds.add(sessionId, { token: worker.token, feed: worker.feed }, () => true);
    await worker.feed.start();
    return worker;
  }
}

export class AttachedWorker {
  readonly token = v7();
  readonly feed: WorkerFeed;
  /** Delivery ids, as they came. */
  readonly sent: string[] = [];
  /** How many of them came in each message. */
  readonly messages: number[] = [];
  /** Says at once that it has what it gets. */
  isPrompt = false;
  private readonly receipts: Promise<void>[] = [];

  constructor(
    private readonly parts: DeliveryParts,
    private readonly sessionId: string,
    channels: Channels,
  ) {
    this.feed = new WorkerFeed({
      sessionId,
      send: (items) => {
        const deliveryIds = items.map(({ deliveryId }) => deliveryId);
        this.sent.push(...deliveryIds);
        this.messages.push(deliveryIds.length);
        // Never in the same turn, as over a socket.
        if (this.isPrompt) this.receipts.push(Promise.resolve().then(() => this.receive(...deliveryIds)));
      },
      inbox: parts.inbox,
      channels,
      logger: silent,
    });
  }

  async receive(...deliveryIds: string[]): Promise<void> {
    await this.parts.receive.run(this.sessionId, this.feed.owedOf(deliveryIds));
    this.feed.settle(deliveryIds);
  }

  /** All that it said is written down. */
  async settled(): Promise<void> {
    await Promise.all(this.receipts);
  }

  async leave(): Promise<void> {
    this.feed.stop();
    this.parts.feeds.remove(this.sessionId, this.token);
    await this.parts.direct.place(this.sessionId);
  }
}

/** A trigger that says its number. */
export function numberedTrigger(n: number): Trigger {
  return {
    triggerId: IdPrefix.trigger + v7(),
    type: 'time:tick',
    payload: { n },
    source: 'test',
    deliverAs: 'followUp',
    ts: new Date().toISOString(),
  };
}

export function matchingSessions(sessions: readonly string[]): Matches {
  return { sessions: sessions.map((sessionId) => ({ sessionId, subscriptionIds: ['sub_1'] })), listeners: [] };
}
