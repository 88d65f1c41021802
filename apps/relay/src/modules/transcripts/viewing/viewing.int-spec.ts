import type { SessionEvent, SessionView } from '@pizzapi/protocol';
import { ScriptedRunner, type ScriptedWorker, TestViewer } from '@pizzapi/testing';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';
import { Database } from '../../../platform/database/database.js';
import { Channels } from '../../../platform/redis/channels.js';
import { EventLog, SessionEntity } from '../../sessions/index.js';
import { ReadSnapshot } from './read-snapshot.js';

describe('viewers', () => {
  let cluster: TestCluster;
  let relay: TestRelay;
  let ada: TestAccount;
  let runner: ScriptedRunner;
  let redis: Redis;
  const opened: { stop(): void }[] = [];

  beforeAll(async () => {
    cluster = await startCluster();
    relay = await cluster.start();
    ada = await relay.account('ada');
    runner = await ScriptedRunner.connect(ada);
    redis = new Redis(cluster.redis.url);
  });
  afterEach(() => {
    for (const each of opened.splice(0)) each.stop();
  });
  afterAll(async () => {
    redis.disconnect();
    runner.stop();
    await cluster[Symbol.asyncDispose]();
  });

  it('that leave while they attach are removed from the session and from Redis', async () => {
    const { sessionId } = await running();
    const { socket } = await connected(sessionId);
    await Promise.all([
      socket.emitWithAck('session:attach', { sessionId, afterSeq: 0 }),
      socket.emitWithAck('session:detach', { sessionId }),
    ]);
    await expect.poll(() => viewers(sessionId)).toEqual([]);
    await expect.poll(() => redis.call('PUBSUB', 'SHARDCHANNELS', `pz:{s:${sessionId}}:live`)).toEqual([]);
  });

  it('that detach and immediately attach again are attached', async () => {
    const { sessionId, worker } = await running();
    const viewer = await connected(sessionId);
    for (let number = 0; number < 10; number++) {
      viewer.socket.emit('session:detach', { sessionId }, () => undefined);
      viewer.socket.emit('session:attach', { sessionId, afterSeq: 0 }, () => undefined);
    }
    send(worker);
    await worker.flushed();
    await viewer.reached(worker.lastSeq);
    await expect.poll(() => viewers(sessionId)).toMatchObject([{ name: 'ada' }]);
  });

  it.each([
    ['all of its log', (keys: string[]) => redis.del(...keys)],
    [
      'the end of its log',
      async ([events = '', meta = '']: string[]) => {
        const [[id = ''] = []] = await redis.xrevrange(events, '+', '-', 'COUNT', 1);
        await redis.multi().xdel(events, id).hincrby(meta, 'last', -1).exec();
      },
    ],
  ] as const)('begin anew once where Redis lost %s, and wait for the worker in peace', async (_what, lose) => {
    const { sessionId, worker } = await running();
    for (let number = 0; number < 5; number++) send(worker);
    await worker.flushed();
    const first = watch(sessionId, 0);
    await first.reached(worker.lastSeq);
    send(worker);
    await worker.flushed();
    await first.reached(worker.lastSeq);
    // Otherwise one of the two could begin with events that the other does not have yet.
    await transcribed(worker);
    await lose([`pz:{s:${sessionId}}:events`, `pz:{s:${sessionId}}:meta`]);
    const second = watch(sessionId, null);
    await expect.poll(() => second.count.resyncs).toBeGreaterThan(0);
    // Each answer means that the relay's event loop has turned.
    for (let number = 0; number < 20; number++) await ada.get(`/api/sessions/${sessionId}`);
    expect(second.count.resyncs).toBe(1);
    expect(first.count.resyncs).toBeLessThan(2);
  });

  it('start again once if the transcript has events that the log lost, also those that were level without them', async () => {
    const { sessionId, worker } = await running();
    for (let number = 0; number < 5; number++) send(worker);
    await worker.flushed();
    await transcribed(worker);
    const before = worker.lastSeq - 1;
    await redis
      .multi()
      .xdel(`pz:{s:${sessionId}}:events`, `${worker.lastSeq}-0`)
      .hincrby(`pz:{s:${sessionId}}:meta`, 'last', -1)
      .exec();
    const level = watch(sessionId, before);
    // Each answer means that the relay's event loop has turned.
    for (let number = 0; number < 5; number++) await ada.get(`/api/sessions/${sessionId}`);
    const anew = watch(sessionId, null);
    await anew.reached(worker.lastSeq);
    await level.reached(worker.lastSeq);
    for (let number = 0; number < 20; number++) await ada.get(`/api/sessions/${sessionId}`);
    expect([level.count.resyncs, anew.count.resyncs]).toEqual([1, 1]);
  });

  it('that attach while events are appended miss none', async () => {
    const { sessionId, worker } = await running();
    send(worker);
    await worker.flushed();
    const session = async (): Promise<SessionView> => (await ada.get<SessionView>(`/api/sessions/${sessionId}`)).body;
    await expect.poll(session).toMatchObject({ activity: 'working' });
    const log = relay.app.get(EventLog, { strict: false });
    const [firstAfter, lastSeq] = [log.firstAfter.bind(log), log.lastSeq.bind(log)];
    // Right after the first of the two reads.
    const tell = async (): Promise<void> => {
      for (const spy of spies) spy.mockRestore();
      worker.send({ type: 'message.delta', data: { messageId: 'm', index: 0, kind: 'text', delta: 'More' } });
      await worker.flushed();
    };
    const spies = [
      vi.spyOn(log, 'firstAfter').mockImplementation(async (...asked) => {
        const seq = await firstAfter(...asked);
        await tell();
        return seq;
      }),
      vi.spyOn(log, 'lastSeq').mockImplementation(async (asked) => {
        const seq = await lastSeq(asked);
        await tell();
        return seq;
      }),
    ];
    const { nextSeq } = await relay.app.get(ReadSnapshot, { strict: false }).of(sessionId);
    expect(nextSeq).toBe(worker.lastSeq);
  });

  it('get from the log what comes damaged on the live channel', async () => {
    const { sessionId, worker } = await running();
    const viewer = await connected(sessionId);
    await viewer.reached(worker.lastSeq);
    await appended(sessionId, worker.lastSeq + 1);
    await redis.spublish(`pz:{s:${sessionId}}:live`, '[{"seq":');
    await viewer.reached(worker.lastSeq + 1);
    expect(viewer.count).toMatchObject({ gaps: 0, resyncs: 0 });
  });

  it('miss nothing that is told while the log is read for a hole', async () => {
    const { sessionId, worker } = await running();
    const viewer = await connected(sessionId);
    await viewer.reached(worker.lastSeq);
    const [live, first] = [`pz:{s:${sessionId}}:live`, worker.lastSeq + 1];
    await Promise.all([first, first + 1].map((seq) => appended(sessionId, seq)));
    const heard = Promise.withResolvers<void>();
    await relay.app
      .get(Channels, { strict: false })
      .subscribe(live, { onMessage: (json) => json.includes(`"seq":${first + 2}`) && heard.resolve() });
    const log = relay.app.get(EventLog, { strict: false });
    const readAfter = log.readAfter.bind(log);
    const spy = vi.spyOn(log, 'readAfter').mockImplementation(async (...asked) => {
      spy.mockRestore();
      const found = await readAfter(...asked);
      await redis.spublish(live, JSON.stringify([await appended(sessionId, first + 2)]));
      await heard.promise;
      return found;
    });
    await redis.spublish(live, JSON.stringify([anEvent(first + 1)]));
    await viewer.reached(first + 2);
    expect(viewer.count).toMatchObject({ gaps: 0, resyncs: 0 });
  });

  it('are not left in the dark when a page cannot be read for them', async () => {
    const { sessionId, worker } = await running();
    const viewer = await connected(sessionId);
    send(worker);
    await worker.flushed();
    await viewer.reached(worker.lastSeq);
    const reading = vi.spyOn(relay.app.get(ReadSnapshot, { strict: false }), 'of');
    reading.mockRejectedValueOnce(new Error('The database is away.'));
    // The log was renumbered.
    await redis.spublish(`pz:{s:${sessionId}}:live`, '[]');
    await expect.poll(() => reading.mock.calls.length).toBeGreaterThan(0);
    send(worker);
    await worker.flushed();
    await viewer.reached(worker.lastSeq);
    expect(viewer.count).toMatchObject({ gaps: 0 });
    reading.mockRestore();
  });

  it('whose record cannot be read are left out', async () => {
    const { sessionId } = await running();
    await connected(sessionId);
    await expect.poll(() => viewers(sessionId)).toMatchObject([{ name: 'ada' }]);
    await redis.hset(`pz:{s:${sessionId}}:viewers`, 'broken', '{"userId":', 'strange', '[]');
    expect(await viewers(sessionId)).toMatchObject([{ name: 'ada' }]);
  });

  /** Puts an event into the log, and tells nobody. */
  async function appended(sessionId: string, seq: number): Promise<SessionEvent> {
    const event = anEvent(seq);
    await redis.xadd(`pz:{s:${sessionId}}:events`, `${seq}-0`, 'e', JSON.stringify(event));
    await redis.hset(`pz:{s:${sessionId}}:meta`, 'last', seq);
    return event;
  }

  async function running(): Promise<{ sessionId: string; worker: ScriptedWorker }> {
    const { body } = await ada.post<{ sessionId: string }>('/api/sessions', { runnerId: runner.runnerId });
    const worker = await runner.startWorker(body.sessionId, relay.url);
    return { sessionId: body.sessionId, worker };
  }

  /** Waits until the transcript has everything that the worker sent. */
  async function transcribed({ sessionId, lastSeq }: ScriptedWorker): Promise<void> {
    const { read } = relay.app.get(Database, { strict: false });
    const session = (): Promise<SessionEntity> => read.findOneByOrFail(SessionEntity, { sessionId });
    await expect.poll(session).toMatchObject({ transcribedSeq: lastSeq });
  }

  async function viewers(sessionId: string): Promise<SessionView['viewers']> {
    return (await ada.get<SessionView>(`/api/sessions/${sessionId}`)).body.viewers;
  }

  async function connected(sessionId: string): Promise<TestViewer> {
    const viewer = watch(sessionId, 0);
    await expect.poll(() => viewer.socket.connected).toBe(true);
    return viewer;
  }

  function watch(sessionId: string, afterSeq: number | null): TestViewer {
    const viewer = new TestViewer(relay.url, ada.apiKey ?? '', sessionId, afterSeq);
    opened.push(viewer);
    return viewer;
  }
});

function send(worker: ScriptedWorker): void {
  worker.send({ type: 'activity.changed', data: { activity: 'working' } });
}

function anEvent(seq: number): SessionEvent {
  return { seq, type: 'activity.changed', ts: '2026-11-30T08:00:00.000Z', data: { activity: 'working' } };
}
