import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { SessionEvent } from '@pizzapi/protocol';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silent, TestRedis } from '../../../../testing/test-redis.js';
import { sessionKeys } from '../../../platform/redis/keys.js';
import type { Redis } from '../../../platform/redis/redis.js';
import { EventLog, UnregisteredWorkerError } from './event-log.js';

const NOTHING = { lastSeq: 0, lastEntryId: null };

function aDelta(seq: number): SessionEvent {
  return { seq, type: 'tool.output', ts: '2026-11-21T08:00:00.000Z', data: { toolCallId: 'call', delta: `${seq}` } };
}

function anEntry(seq: number, entryId: string): SessionEvent {
  const ts = '2026-11-21T08:00:00.000Z';
  return { seq, type: 'entry.appended', ts, data: { entryId, kind: 'notice', ts, content: {} } };
}

describe('EventLog', () => {
  let server: TestRedis;
  let redis: Redis;
  beforeAll(async () => {
    server = await TestRedis.start();
    redis = server.connect();
  });
  afterAll(() => server.stop());

  it('keeps batches in order that do not wait for one another, also on a Redis that does not know its functions yet', async () => {
    const log = new EventLog(redis, silent);
    await redis.commands.script('FLUSH');
    const id = v7();
    await log.open(id, 1, null, NOTHING);
    const first = log.append(id, 1, [aDelta(1)]);
    await nextTurn();
    // Redis is busy before it reads the second batch, and the third follows when the first has been answered.
    const busy = redis.commands.eval('for i = 1, 2e7 do end', 0);
    const second = log.append(id, 1, [aDelta(2)]);
    await pause(20);
    const third = log.append(id, 1, [aDelta(3)]);
    expect(await Promise.all([first, second, third])).toEqual([1, 2, 3]);
    await busy;
  });

  it('is read by number and by size: what is too large for both comes alone', async () => {
    const log = new EventLog(redis, silent);
    const id = v7();
    await log.open(id, 1, null, NOTHING);
    const small = Array.from({ length: 100 }, (_, at) => aDelta(at + 1));
    const large = (seq: number): SessionEvent => ({ ...anEntry(seq, 'x'.repeat(5_000)) });
    await log.append(id, 1, [...small, large(101), large(102), aDelta(103)]);
    const read = async (after: number, count: number, bytes: number) => {
      const { events, isEnd } = await log.readAfter(id, after, { count, bytes });
      return { from: events[0]?.seq, to: events.at(-1)?.seq, count: events.length, isEnd };
    };
    expect(await read(0, 70, 1e6)).toEqual({ from: 1, to: 70, count: 70, isEnd: false });
    expect(await read(70, 70, 1e6)).toEqual({ from: 71, to: 103, count: 33, isEnd: true });
    expect(await read(90, 70, 4_000)).toEqual({ from: 91, to: 100, count: 10, isEnd: false });
    expect(await read(100, 70, 4_000)).toEqual({ from: 101, to: 101, count: 1, isEnd: false });
    expect(await read(101, 70, 6_000)).toEqual({ from: 102, to: 103, count: 2, isEnd: true });
    expect(await read(103, 70, 4_000)).toEqual({ from: undefined, to: undefined, count: 0, isEnd: true });
  });

  it('takes no more memory than it may, but keeps what is in progress', async () => {
    const log = new EventLog(redis, silent);
    const id = v7();
    await log.open(id, 1, null, NOTHING);
    const large = (seq: number): SessionEvent => anEntry(seq, 'x'.repeat(100_000));
    const usage = async (): Promise<number> => Number(await redis.commands.memory('USAGE', sessionKeys.events(id)));
    for (let seq = 1; seq <= 100; seq += 10)
      await log.append(
        id,
        1,
        Array.from({ length: 10 }, (_, at) => large(seq + at)),
      );
    await log.shrink(id, 101, 20e6);
    expect(await log.firstAfter(id, 0)).toBe(1);
    await log.shrink(id, 60, 2e6);
    expect(await log.firstAfter(id, 0)).toBe(60);
    await log.shrink(id, 101, 2e6);
    expect(await usage()).toBeLessThan(2e6);
    expect(await log.firstAfter(id, 0)).toBeGreaterThan(85);
    expect(await log.firstAfter(id, 99)).toBe(100);
  });

  it('takes no more memory than it may also where small events come first', async () => {
    const log = new EventLog(redis, silent);
    const id = v7();
    await log.open(id, 1, null, NOTHING);
    await log.append(
      id,
      1,
      Array.from({ length: 1_000 }, (_, at) => aDelta(at + 1)),
    );
    for (let seq = 1_001; seq <= 1_050; seq++) await log.append(id, 1, [anEntry(seq, 'x'.repeat(100_000))]);
    await log.shrink(id, 1_051, 2e6);
    expect(await log.firstAfter(id, 0)).toBeGreaterThan(1_030);
    expect(await log.firstAfter(id, 1_049)).toBe(1_050);
  });

  it('tells what cannot be read as an error under its number, and what a newer relay has appended as it is', async () => {
    const log = new EventLog(redis, silent);
    const id = v7();
    await log.open(id, 1, null, NOTHING);
    await log.append(id, 1, [aDelta(1)]);
    const newer = { seq: 3, type: 'mood.changed', ts: '2026-11-21T08:00:00.000Z', data: { mood: 'good' } };
    const key = sessionKeys.events(id);
    await redis.commands.xadd(key, '2-0', 'e', '{"seq":2,"type":');
    await redis.commands.xadd(key, '3-0', 'e', JSON.stringify(newer));
    await redis.commands.xadd(key, '4-0', 'e', JSON.stringify({ ...aDelta(9) }));
    await redis.commands.hset(sessionKeys.meta(id), 'last', 4);
    await log.append(id, 1, [aDelta(5)]);
    const { events } = await log.readAfter(id, 0, { count: 10, bytes: 10_000 });
    expect(events).toMatchObject([
      { seq: 1, type: 'tool.output' },
      { seq: 2, type: 'error.raised', data: { code: 'event_unreadable' } },
      newer,
      { seq: 4, type: 'error.raised' },
      { seq: 5, type: 'tool.output' },
    ]);
  });

  it('takes a queue or an offer that cannot be read for none', async () => {
    const log = new EventLog(redis, silent);
    const id = v7();
    for (const damaged of ['[{"inputId":', '{"inputs":"many"}']) {
      await redis.commands.hset(sessionKeys.meta(id), 'queue', damaged, 'commands', damaged);
      expect([await log.queue(id), await log.offer(id)]).toEqual([{ inputs: [] }, { commands: [] }]);
    }
  });

  it('has the worker tell anew what comes after a transcript that is older than all it keeps, and nothing else', async () => {
    const log = new EventLog(redis, silent);
    const id = v7();
    await log.open(id, 1, null, NOTHING);
    await log.append(
      id,
      1,
      Array.from({ length: 400 }, (_, at) => aDelta(at + 1)),
    );
    await log.forgetBelow(id, 350);
    const seq = (await log.firstAfter(id, 0)) ?? 0;
    expect(seq).toBeGreaterThan(100);
    // One that is level with it.
    expect(await log.open(id, 2, 401, { lastSeq: seq - 1, lastEntryId: 'level' })).toMatchObject({ lastSeq: 400 });
    expect(await log.askAnew(id, { lastSeq: seq - 1, lastEntryId: 'level' })).toBe(0);
    // A backup.
    const old = { lastSeq: 20, lastEntryId: 'old' };
    expect(await log.askAnew(id, old)).toBe(401);
    await expect(log.append(id, 2, [aDelta(401)])).rejects.toThrow(UnregisteredWorkerError);
    expect(await log.open(id, 2, 401, old)).toEqual({ lastSeq: 400, lastEntryId: 'old' });
    expect(await log.append(id, 2, [aDelta(401)])).toBe(401);
    expect(await log.tellsAllFrom(id)).toBe(401);
    expect(await log.askAnew(id, old)).toBe(401);
  });

  it('has it also where the worker registers before anybody has looked', async () => {
    const log = new EventLog(redis, silent);
    const id = v7();
    await log.open(id, 1, null, NOTHING);
    await log.append(
      id,
      1,
      Array.from({ length: 400 }, (_, at) => aDelta(at + 1)),
    );
    await log.forgetBelow(id, 350);
    expect(await log.open(id, 2, 401, { lastSeq: 20, lastEntryId: 'old' })).toEqual({
      lastSeq: 400,
      lastEntryId: 'old',
    });
    expect(await log.tellsAllFrom(id)).toBe(401);
  });

  it('has it also where it goes on from a later number before the transcript has all of it', async () => {
    const log = new EventLog(redis, silent);
    const id = v7();
    await log.open(id, 1, null, NOTHING);
    await log.append(id, 1, [aDelta(1), anEntry(2, 'transcribed'), aDelta(3), anEntry(4, 'not yet')]);
    // Redis has lost the events up to 8.
    const floor = { lastSeq: 3, lastEntryId: 'transcribed' };
    expect(await log.open(id, 2, 9, floor)).toEqual({ lastSeq: 8, lastEntryId: 'transcribed' });
    expect(await log.readAfter(id, 0, { count: 10, bytes: 1_000 })).toEqual({ events: [], isEnd: true });
  });

  it('takes the last entry that it knows where the transcript has all of it', async () => {
    const log = new EventLog(redis, silent);
    const id = v7();
    await log.open(id, 1, null, NOTHING);
    await log.append(id, 1, [aDelta(1), anEntry(2, 'known')]);
    const floor = { lastSeq: 4, lastEntryId: 'told since' };
    expect(await log.open(id, 2, 9, floor)).toEqual({ lastSeq: 8, lastEntryId: 'known' });
  });
});
