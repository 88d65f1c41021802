import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type AttachedWorker,
  DeliveryParts,
  matchingSessions,
  numberedTrigger,
} from '../../../../testing/delivery-parts.js';
import { TestRedis } from '../../../../testing/test-redis.js';
import { Channels } from '../../../platform/redis/channels.js';
import { runnerKeys } from '../../../platform/redis/keys.js';
import { triggerItem } from '../bus/fan-out.js';
import { OpenEntry } from '../bus/open-entry.js';
import { deliveryIdOf } from '../delivery-id.js';

describe('triggers for workers that are attached to the replica that reads the bus', () => {
  let server: TestRedis;
  let one: DeliveryParts;
  let two: DeliveryParts;
  let runnerId: string;
  let sessionId: string;
  let workers: AttachedWorker[];

  beforeAll(async () => {
    server = await TestRedis.start();
    one = new DeliveryParts(server.connect());
    two = new DeliveryParts(server.connect());
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    [runnerId, sessionId, workers] = [v7(), v7(), []];
  });
  afterEach(async () => {
    for (const worker of workers) await worker.leave();
  });

  const attach = async (to = one): Promise<AttachedWorker> => {
    const worker = await to.attach(sessionId);
    workers.push(worker);
    return worker;
  };
  /** @returns the id of the session's delivery */
  const fire = async (by = one, n = 1): Promise<string> => {
    const trigger = numberedTrigger(n);
    await by.bus.accept(runnerId, trigger, matchingSessions([sessionId]), null);
    return deliveryIdOf(trigger.triggerId, sessionId);
  };
  const waiting = async (): Promise<string[]> => (await one.inbox.list(sessionId)).map(({ item }) => item.deliveryId);
  const onBus = (): Promise<number> => one.redis.commands.xlen(runnerKeys.bus(runnerId));
  const lease = (): Promise<string | null> => one.redis.commands.get(runnerKeys.busLease(runnerId));
  const history = async (): Promise<string[]> =>
    (await one.history.list(sessionId)).map(({ deliveryId }) => deliveryId).reverse();
  /** The first one after a change of readers goes by the inbox, because others may have appended to it before. */
  const warmUp = async (worker: AttachedWorker): Promise<string> => {
    const first = await fire();
    await expect.poll(() => worker.sent).toEqual([first]);
    await worker.receive(first);
    await one.bus.drain(runnerId);
    return first;
  };

  it('go to them without a place in an inbox, and stay on the bus until they are received', async () => {
    const worker = await attach();
    const first = await warmUp(worker);
    const appended = vi.spyOn(one.inbox, 'appendAll');
    const second = await fire();
    await expect.poll(() => worker.sent).toEqual([first, second]);
    expect(await onBus()).toBe(1);
    expect(one.direct.has(sessionId, second)).toBe(true);
    await worker.receive(second);
    await one.bus.drain(runnerId);
    expect(await onBus()).toBe(0);
    expect(await lease()).toMatch(/^-/);
    expect(await history()).toEqual([first, second]);
    expect(one.direct.has(sessionId, second)).toBe(false);
    expect(appended.mock.calls.flatMap(([deliveries]) => deliveries)).toEqual([]);
    appended.mockRestore();
  });

  it('come in few messages when there are many of them, and in a message of its own when one is large', async () => {
    const worker = await attach();
    await warmUp(worker);
    const watcher = { onOut: vi.fn(), onDone: vi.fn(), onFailure: vi.fn() };
    const deliveries = Array.from({ length: 40 }, (_, n) => {
      const trigger = numberedTrigger(n);
      const entry = new OpenEntry({ id: `${n + 1}-0`, kind: 'trigger', triggerId: trigger.triggerId }, null, watcher);
      const item = triggerItem(deliveryIdOf(trigger.triggerId, sessionId), {
        ...trigger,
        runnerId,
        subscriptionIds: [],
      });
      return { entry, item: n === 5 ? { ...item, text: item.text.padEnd(256 * 1024) } : item };
    });
    expect(one.direct.send(sessionId, deliveries, -Infinity)).toBe(40);
    expect(worker.messages.slice(1)).toEqual([5, 1, 32, 2]);
    expect(worker.sent.slice(1)).toEqual(deliveries.map(({ item }) => item.deliveryId));
    expect(watcher.onOut).toHaveBeenCalledTimes(40);
    const said = input();
    const last = deliveries[0];
    expect(last && one.direct.send(sessionId, [last, { ...last, item: said }, last], -Infinity)).toBe(1);
    one.direct.forget(new Set(deliveries.map(({ entry }) => entry)));
  });

  it('go into the inbox of a worker that does not say for a while that it has them, and are not sent twice', async () => {
    const worker = await attach();
    const first = await warmUp(worker);
    const [second, third] = [await fire(), await fire()];
    await expect.poll(onBus).toBe(0);
    expect(await waiting()).toEqual([second, third]);
    expect((await one.inbox.list(sessionId)).map(({ timesSent }) => timesSent)).toEqual([1, 1]);
    // Until it has been prompt, what comes goes the same way.
    const fourth = await fire();
    await expect.poll(waiting).toEqual([second, third, fourth]);
    expect(worker.sent).toEqual([first, second, third, fourth]);
    await worker.receive(second, third, fourth);
    expect(await waiting()).toEqual([]);
    const fifth = await fire();
    await expect.poll(() => worker.sent).toContain(fifth);
    expect(await waiting()).toEqual([]);
    await worker.receive(fifth);
    expect(await history()).toEqual([first, second, third, fourth, fifth]);
  });

  it('wait in the inbox for the next worker when this one leaves, in their order', async () => {
    const worker = await attach();
    await warmUp(worker);
    const left = [await fire(), await fire(), await fire()];
    await expect.poll(() => worker.sent.slice(1)).toEqual(left);
    await worker.leave();
    expect(await waiting()).toEqual(left);
    const next = await attach();
    await expect.poll(() => next.sent).toEqual(left);
    // The one that left had them in the session's file already; the next one knows that, and says so.
    await next.receive(...left);
    expect(await waiting()).toEqual([]);
    await expect.poll(onBus).toBe(0);
  });

  it('go by the inbox once after another replica has read the bus', async () => {
    const worker = await attach();
    await warmUp(worker);
    const other = numberedTrigger(2);
    await two.bus.accept(runnerId, other, matchingSessions([v7()]), null);
    await two.bus.drain(runnerId);
    const appended = vi.spyOn(one.inbox, 'appendAll');
    const ids = async (): Promise<string[]> => {
      const deliveryId = await fire();
      await expect.poll(() => worker.sent).toContain(deliveryId);
      await worker.receive(deliveryId);
      await one.bus.drain(runnerId);
      const own = appended.mock.calls.flatMap(([deliveries]) => deliveries.map(({ item }) => item.deliveryId));
      appended.mockClear();
      return own;
    };
    expect(await ids()).toHaveLength(1);
    expect(await ids()).toHaveLength(0);
    appended.mockRestore();
  });

  const input = () => {
    const said = { kind: 'input', deliverAs: 'prompt', ts: new Date().toISOString(), text: 'hello' } as const;
    return { ...said, deliveryId: `inp_${v7()}` };
  };

  it('get their place before what is appended after them', async () => {
    const worker = await attach();
    await warmUp(worker);
    const second = await fire();
    await expect.poll(() => worker.sent).toContain(second);
    const said = input();
    await one.bus.append(runnerId, sessionId, said);
    await one.bus.drain(runnerId);
    expect(await waiting()).toEqual([second, said.deliveryId]);
  });

  it('wait for what was appended, also while nobody has told of that yet', async () => {
    const deaf = vi.spyOn(Channels.prototype, 'subscribe').mockResolvedValue(() => undefined);
    const worker = await attach();
    deaf.mockRestore();
    await warmUp(worker);
    expect(worker.feed.sendDirect([input()], -Infinity)).toBe(true);
    await one.inbox.append(sessionId, input());
    expect(worker.feed.sendDirect([input()], -Infinity)).toBe(false);
  });

  it('are not overtaken by what goes through the inbox, nor overtake it', async () => {
    const worker = await attach();
    await warmUp(worker);
    const order: string[] = [];
    for (let n = 0; n < 12; n++) {
      if (n % 3 !== 2) order.push(await fire());
      else {
        const said = input();
        await one.bus.append(runnerId, sessionId, said);
        one.bus.wake(runnerId);
        order.push(said.deliveryId);
      }
    }
    await expect.poll(() => [...new Set(worker.sent.slice(1))]).toEqual(order);
  });

  it('keep their order while two replicas accept them by turns', async () => {
    const worker = await attach();
    worker.isPrompt = true;
    const order: string[] = [];
    for (let n = 0; n < 200; n++) order.push(await fire(n % 5 < 3 ? one : two, n));
    await expect.poll(() => [...new Set(worker.sent)]).toEqual(order);
    await expect.poll(onBus).toBe(0);
    await worker.settled();
    expect(await history()).toEqual(order);
    expect(await waiting()).toEqual([]);
  });

  it('are delivered again, and enter the history once, when their reader lost the bus with them', async () => {
    const worker = await attach();
    const first = await warmUp(worker);
    const second = await fire();
    await expect.poll(() => worker.sent).toEqual([first, second]);
    // As if this replica had stood still for longer than its lease.
    await one.redis.commands.del(runnerKeys.busLease(runnerId));
    await two.bus.drain(runnerId);
    expect(await onBus()).toBe(0);
    expect(await waiting()).toEqual([second]);
    await expect.poll(() => worker.sent).toEqual([first, second, second]);
    await one.bus.drain(runnerId);
    expect(one.direct.has(sessionId, second)).toBe(false);
    await worker.receive(second);
    await worker.receive(second);
    expect(await waiting()).toEqual([]);
    expect(await history()).toEqual([first, second]);
  });

  it('enter the history once, when a crash came between that and their record', async () => {
    const worker = await attach();
    const first = await warmUp(worker);
    const second = await fire();
    await expect.poll(() => worker.sent).toEqual([first, second]);
    await one.history.enter([{ sessionId, items: one.direct.take(sessionId, [second]).map(({ item }) => item) }]);
    await one.redis.commands.del(runnerKeys.busLease(runnerId));
    await two.bus.drain(runnerId);
    await expect.poll(() => worker.sent).toEqual([first, second, second]);
    await worker.receive(second);
    expect(await history()).toEqual([first, second]);
  });

  it('are sent once more when it could not be written that the worker has them', async () => {
    const worker = await attach();
    const first = await warmUp(worker);
    const second = await fire();
    await expect.poll(() => worker.sent).toEqual([first, second]);
    const unknown = `inp_${v7()}`;
    const failing = vi.spyOn(one.inbox, 'find').mockRejectedValueOnce(new Error('not now'));
    await expect(worker.receive(second, unknown)).rejects.toThrow('not now');
    failing.mockRestore();
    await expect.poll(() => worker.sent).toEqual([first, second, second]);
    await worker.receive(second);
    expect([await waiting(), await onBus()]).toEqual([[], 0]);
    expect(await history()).toEqual([first, second]);
  });

  it('that went by the inbox reach the worker also when the answer to their append was lost', async () => {
    const deaf = vi.spyOn(Channels.prototype, 'subscribe').mockResolvedValue(() => undefined);
    const worker = await attach();
    deaf.mockRestore();
    await warmUp(worker);
    // As the client of Redis does it when the connection breaks between the command and its answer.
    const item = { ...input(), kind: 'trigger' as const };
    const feed = { offer: vi.fn(), place: vi.fn(), wake: vi.fn(), sendDirect: vi.fn() };
    vi.spyOn(one.feeds, 'of').mockReturnValueOnce({ token: worker.token, feed });
    await one.inbox.append(sessionId, item);
    expect(worker.sent).not.toContain(item.deliveryId);
    expect(await one.inbox.append(sessionId, item)).toBe(false);
    await expect.poll(() => worker.sent).toContain(item.deliveryId);
  });

  it('get their place before the replica stops, and another one reads the bus at once', async () => {
    const stopping = new DeliveryParts(server.connect());
    const worker = await attach(stopping);
    const first = await fire(stopping);
    await expect.poll(() => worker.sent).toEqual([first]);
    await worker.receive(first);
    const second = await fire(stopping);
    await expect.poll(() => worker.sent).toEqual([first, second]);
    const place = vi.spyOn(stopping.direct, 'placeAll');
    const stopped = stopping.bus.beforeApplicationShutdown();
    expect(place).toHaveBeenCalledOnce();
    await stopped;
    expect(await waiting()).toEqual([second]);
    expect(await onBus()).toBe(0);
    expect(await lease()).toMatch(/^-/);
    // Still accepted, for whoever reads the bus next.
    const third = await fire(stopping);
    await expect.poll(lease).toMatch(/^-/);
    const fourth = await fire(two);
    await expect.poll(waiting).toEqual([second, third, fourth]);
  });
});
