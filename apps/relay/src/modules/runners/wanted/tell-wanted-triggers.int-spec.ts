import type { WantedTriggers } from '@pizzapi/protocol';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';
import { TellWantedTriggers } from './tell-wanted-triggers.js';
import { type WantedTrigger, WantedTriggersOfRunners } from './wanted-triggers.js';

describe('what is wanted of a runner', () => {
  let cluster: TestCluster;
  let relay: TestRelay;

  beforeAll(async () => {
    cluster = await startCluster();
    relay = await cluster.start();
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  it('is told also when whoever changed it died before the version changed', async () => {
    const runnerId = v7();
    const wish = (repo: string): WantedTrigger[] => [
      { subscriptionId: 'sub_1', listenerId: null, type: 'git:push', params: { repo } },
    ];
    let wanted = wish('x');
    relay.app
      .get(WantedTriggersOfRunners, { strict: false })
      .register({ wantedOf: (id) => Promise.resolve(id === runnerId ? wanted : []) });
    const sent: WantedTriggers[] = [];
    const feed = relay.app
      .get(TellWantedTriggers, { strict: false })
      .feed(runnerId, (message) => sent.push(message), 400);
    await feed.start();
    await expect.poll(() => sent).toEqual([{ subscriptions: wish('x') }]);
    await expect.poll(() => feed.isAtEnd(-Infinity)).toBe(true);
    wanted = wish('y');
    await expect.poll(() => sent.at(-1)).toEqual({ subscriptions: wish('y') });
    // What is the same is not said again.
    expect(sent).toHaveLength(2);
    feed.stop();
  });
});
