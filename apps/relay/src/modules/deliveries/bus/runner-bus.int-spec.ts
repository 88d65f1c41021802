import { MAX_SPAWN_WAIT_MS, type Trigger } from '@pizzapi/protocol';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeliveryParts, matchingSessions, numberedTrigger } from '../../../../testing/delivery-parts.js';
import { TestRedis } from '../../../../testing/test-redis.js';
import { NEVER_CHANGED, runnerKeys, sessionKeys } from '../../../platform/redis/keys.js';
import { deliveryIdOf } from '../delivery-id.js';

describe('RunnerBus', () => {
  let server: TestRedis;
  let one: DeliveryParts;
  let two: DeliveryParts;
  let runnerId: string;
  const [a, b] = [v7(), v7()];

  /** Puts it on the bus, where it rests until somebody is woken. */
  const accept = async (n: number, sessions: string[], { records } = one): Promise<Trigger> => {
    const fired = numberedTrigger(n);
    await records.accept(runnerId, fired, matchingSessions(sessions));
    return fired;
  };
  const isLeaseFree = async (): Promise<boolean> =>
    (await one.redis.commands.get(runnerKeys.busLease(runnerId)))?.startsWith('-') ?? true;
  const numbersIn = async (sessionId: string): Promise<number[]> =>
    (await one.inbox.list(sessionId)).map(({ item }) => (JSON.parse(item.text) as Trigger).payload['n'] as number);

  beforeAll(async () => {
    server = await TestRedis.start();
    one = new DeliveryParts(server.connect());
    two = new DeliveryParts(server.connect());
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    runnerId = v7();
    await Promise.all([one.inbox.delete(a), one.inbox.delete(b)]);
  });

  it('keeps the order of acceptance for each session, however many replicas accept and read', async () => {
    for (let n = 0; n < 200; n++) {
      const by = n % 2 === 0 ? one : two;
      const sessions = n % 3 === 0 ? [a, b] : [a];
      // Some of these replicas are killed before they read what they accepted.
      if (n % 5 === 0) await accept(n, sessions, by);
      else await by.bus.accept(runnerId, numberedTrigger(n), matchingSessions(sessions), null);
    }
    await Promise.all([one.bus.drain(runnerId), two.bus.drain(runnerId)]);
    await expect.poll(() => numbersIn(a)).toEqual(Array.from({ length: 200 }, (_, n) => n));
    expect(await numbersIn(b)).toEqual(Array.from({ length: 67 }, (_, n) => n * 3));
    expect(await one.redis.commands.xlen(runnerKeys.bus(runnerId))).toBe(0);
    expect(await isLeaseFree()).toBe(true);
  });

  it('is read by whoever accepts, from memory where nobody was before', async () => {
    await accept(1, [a]);
    await one.bus.accept(runnerId, numberedTrigger(2), matchingSessions([a]), null);
    await expect.poll(() => numbersIn(a)).toEqual([1, 2]);
    await one.bus.drain(runnerId);
    const lost = vi.spyOn(one.records, 'read').mockRejectedValue(new Error('it was read back'));
    await Promise.all(
      [3, 4, 5].map((n) => one.bus.accept(runnerId, numberedTrigger(n), matchingSessions([a, b]), null)),
    );
    await one.bus.drain(runnerId);
    lost.mockRestore();
    expect([await numbersIn(a), await numbersIn(b)]).toEqual([
      [1, 2, 3, 4, 5],
      [3, 4, 5],
    ]);
    expect(await one.redis.commands.xlen(runnerKeys.bus(runnerId))).toBe(0);
    expect(await isLeaseFree()).toBe(true);
  });

  it('reads back what it accepted while another replica held the lease', async () => {
    const lease = runnerKeys.busLease(runnerId);
    await one.redis.commands.set(lease, 'another replica');
    const fired = numberedTrigger(1);
    await one.bus.accept(runnerId, fired, matchingSessions([a, b]), null);
    await one.bus.drain(runnerId);
    expect(await numbersIn(a)).toEqual([]);
    // The other one fanned it out, and ended before it removed the entry.
    await one.receive.run(a, [{ deliveryId: deliveryIdOf(fired.triggerId, a), triggerId: fired.triggerId, runnerId }]);
    await one.redis.commands.del(lease);
    await one.bus.accept(runnerId, numberedTrigger(2), matchingSessions([a, b]), null);
    await one.bus.drain(runnerId);
    expect([await numbersIn(a), await numbersIn(b)]).toEqual([[2], [1, 2]]);
  });

  it('accepts nothing that was matched against an older version', async () => {
    const version = runnerKeys.wantedVersion(runnerId);
    expect(await one.bus.accept(runnerId, numberedTrigger(1), matchingSessions([a]), NEVER_CHANGED)).toMatchObject({
      kind: 'accepted',
    });
    await one.redis.commands.set(version, 'new');
    const fired = numberedTrigger(2);
    for (const old of [NEVER_CHANGED, 'old'])
      expect(await one.bus.accept(runnerId, fired, matchingSessions([a]), old)).toEqual({ kind: 'outdated' });
    expect(await one.records.read(runnerId, fired.triggerId)).toBeNull();
    expect(await one.bus.accept(runnerId, fired, matchingSessions([a]), 'new')).toMatchObject({ kind: 'accepted' });
    await one.redis.commands.set(version, 'newer');
    expect(await one.bus.accept(runnerId, fired, matchingSessions([b]), 'new')).toEqual({
      kind: 'known',
      matches: matchingSessions([a]),
    });
    await one.bus.drain(runnerId);
    expect([await numbersIn(a), await numbersIn(b)]).toEqual([[1, 2], []]);
  });

  it('is left alone while another replica holds its lease, and taken over when that one has died', async () => {
    await accept(1, [a]);
    const lease = runnerKeys.busLease(runnerId);
    await one.redis.commands.set(lease, 'a replica that died');
    await one.bus.drain(runnerId);
    expect(await numbersIn(a)).toEqual([]);
    await one.redis.commands.pexpire(lease, 50);
    await expect.poll(() => one.redis.commands.exists(lease)).toBe(0);
    await two.bus.drain(runnerId);
    expect(await numbersIn(a)).toEqual([1]);
  });

  it('delivers again what a reader left half done, but nothing that was received meanwhile', async () => {
    const fired = await accept(1, [a, b]);
    const entry = await one.redis.commands.xrange(runnerKeys.bus(runnerId), '-', '+');
    await one.bus.drain(runnerId);
    const deliveryId = deliveryIdOf(fired.triggerId, a);
    await one.receive.run(a, [{ deliveryId }]);
    // As if the reader had died before it removed the entry.
    await one.redis.commands.xadd(runnerKeys.bus(runnerId), '*', ...(entry[0]?.[1] ?? []));
    await two.bus.drain(runnerId);
    expect([await numbersIn(a), await numbersIn(b)]).toEqual([[], [1]]);
    expect((await one.records.read(runnerId, fired.triggerId))?.settled.get(deliveryId)).toMatchObject({
      state: 'received',
    });
  });

  it('accepts a trigger once, with the matches of the first time', async () => {
    const fired = numberedTrigger(1);
    const first = matchingSessions([a]);
    await one.records.accept(runnerId, fired, first);
    const again = await two.records.accept(runnerId, fired, { sessions: [], listeners: [] });
    expect(again).toEqual({ kind: 'known', matches: first });
    expect(await one.redis.commands.xlen(runnerKeys.bus(runnerId))).toBe(1);
    expect(await one.records.runnerOf(fired.triggerId, [v7(), runnerId])).toBe(runnerId);
    // What waits for it is told what became of it, also after the longest wait.
    expect(await one.redis.commands.pttl(runnerKeys.trigger(runnerId, fired.triggerId))).toBeGreaterThan(
      MAX_SPAWN_WAIT_MS,
    );
  });

  it('is not held up by what it cannot deliver: that becomes a job, and so does what it cannot read', async () => {
    await accept(1, [a]);
    const poisoned = await accept(2, [a, b]);
    await one.redis.commands.hset(runnerKeys.trigger(runnerId, poisoned.triggerId), 'matches', '{"damaged');
    await one.redis.commands.xadd(runnerKeys.bus(runnerId), '*', 'nonsense', 'x');
    const blocked = await accept(3, [b]);
    await one.redis.commands.set(sessionKeys.inbox(b), 'not a stream');
    await accept(4, [a]);
    await one.bus.drain(runnerId);
    expect(await numbersIn(a)).toEqual([1, 4]);
    const jobsOf = ({ triggerId }: Trigger): Promise<string[]> =>
      one.redis.commands.keys(`{pz:queues}:deliveries:${triggerId}.*`);
    for (const failed of [poisoned, blocked]) expect(await jobsOf(failed)).toHaveLength(1);
    const jobs = await one.redis.commands.keys('{pz:queues}:deliveries:*-*');
    const kept = await Promise.all(jobs.map((job) => one.redis.commands.hmget(job, 'name', 'data')));
    expect(kept.filter(([name]) => name === 'read-entry')).toEqual([
      ['read-entry', expect.stringContaining('"fields":["nonsense","x"]')],
    ]);
    // Again it is a job of its own: the queue forgets no name for a while.
    await one.redis.commands.xadd(runnerKeys.bus(runnerId), '*', 'trigger', blocked.triggerId);
    await one.bus.drain(runnerId);
    expect(await jobsOf(blocked)).toHaveLength(2);
    await one.redis.commands.del(sessionKeys.inbox(b));
  });

  it('empties a bus that is longer than what is read ahead', async () => {
    const numbers = Array.from({ length: 150 }, (_, at) => at);
    for (const n of numbers) await one.records.accept(runnerId, numberedTrigger(n), matchingSessions([a]));
    await one.bus.drain(runnerId);
    expect(await numbersIn(a)).toEqual(numbers);
    expect(await one.redis.commands.xlen(runnerKeys.bus(runnerId))).toBe(0);
  });

  it('takes what a person said through the same order', async () => {
    await accept(1, [a]);
    const said = { kind: 'input', deliverAs: 'prompt', ts: new Date().toISOString(), text: 'hello' } as const;
    await one.bus.append(runnerId, a, { ...said, deliveryId: `inp_${v7()}` });
    await accept(2, [a]);
    await one.bus.drain(runnerId);
    expect((await one.inbox.list(a)).map(({ item }) => item.kind)).toEqual(['trigger', 'input', 'trigger']);
  });
});
