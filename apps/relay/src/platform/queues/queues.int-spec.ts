import { Global, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { JobCatalog, type JobName } from '@pizzapi/protocol';
import { type Job, Queue, Worker } from 'bullmq';
import { PinoLogger } from 'nestjs-pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dueNow } from '../../../testing/due-now.js';
import { silent, TestRedis } from '../../../testing/test-redis.js';
import { Redis } from '../redis/redis.js';
import { type JobProcessor, ProcessesJob } from './job-processor.js';
import { QUEUE_OPTIONS, QueuesModule } from './queues.module.js';
import { Queues } from './queues.js';

const SESSION = '00000000-0000-4000-8000-000000000001';
const QUEUE = { name: 'spawns', prefix: '{pz:queues}' };
const processed: string[] = [];
/** What each attempt of `run-listener` is told, and what it finds. */
const attempts: { number: number; isLast: boolean }[] = [];
let failure: Error | null = null;

@Injectable()
class Processor implements JobProcessor {
  process(data: object, attempt: { number: number; isLast: boolean }): Promise<void> {
    if ('listenerId' in data) {
      attempts.push(attempt);
      return failure ? Promise.reject(failure) : Promise.resolve();
    }
    processed.push('sessionId' in data ? String(data.sessionId) : '');
    return Promise.resolve();
  }
}

/** A processor for each job of the catalog. */
const processors = (
  ['spawn-session', 'wake-session', 'fan-out-trigger', 'deliver-item', 'read-entry', 'run-listener'] satisfies JobName[]
).map((name) => {
  class Named extends Processor {}
  ProcessesJob(name)(Named);
  Injectable()(Named);
  return Named;
});

describe('the queues', () => {
  let server: TestRedis;
  let redis: Redis;

  beforeAll(async () => {
    server = await TestRedis.start();
    redis = server.connect();
  });
  afterAll(() => server.stop());

  /** A replica, with connections of its own: it closes them when it stops. */
  async function start() {
    @Global()
    @Module({
      providers: [
        { provide: Redis, useValue: server.connect() },
        { provide: PinoLogger, useValue: silent },
      ],
      exports: [Redis, PinoLogger],
    })
    class Connections {}
    @Module({ imports: [Connections, QueuesModule], providers: processors })
    class Relay {}
    return NestFactory.createApplicationContext(Relay, { logger: false, abortOnError: false });
  }

  /** Takes the job and is killed with it in hand. */
  async function takenByAReplicaThatIsKilled(): Promise<void> {
    const taken = Promise.withResolvers<void>();
    const worker = new Worker(
      QUEUE.name,
      async () => {
        taken.resolve();
        await new Promise(() => undefined);
      },
      {
        connection: redis.connect('killed'),
        prefix: QUEUE.prefix,
        ...QUEUE_OPTIONS,
        lockDuration: 200,
        stalledInterval: 100,
      },
    );
    await taken.promise;
    await worker.close(true);
  }

  it('gives a job that several replicas died with to the next one', async () => {
    const app = await start();
    const queues = app.get(Queues);
    await app.close();
    await queues.add('spawn-session', SESSION, { sessionId: SESSION });
    for (let kills = 0; kills < 3; kills += 1) await takenByAReplicaThatIsKilled();
    const next = await start();
    await expect.poll(() => processed).toEqual([SESSION]);
    await next.close();
  });

  it('spreads the attempts of jobs that fail at the same moment, each wait twice the one before at most', async () => {
    failure = new Error('The database is away.');
    const app = await start();
    const jobs = new Queue('listeners', { connection: redis.connect('test'), prefix: QUEUE.prefix });
    const ids = Array.from({ length: 24 }, (_, n) => `trg_${n}`);
    for (const triggerId of ids)
      await app.get(Queues).add('run-listener', triggerId, { runnerId: SESSION, triggerId, listenerId: 'lst_1' });
    /** Of the fifth attempt on they wait for so long that all can be looked at. */
    const late = async (): Promise<Job[]> => {
      const waiting = await jobs.getDelayed();
      await Promise.allSettled(waiting.filter(({ attemptsMade }) => attemptsMade < 5).map((job) => job.promote()));
      return waiting.filter(({ attemptsMade }) => attemptsMade >= 5);
    };
    await expect.poll(late).toHaveLength(ids.length);
    const { delay, jitter } = JobCatalog['run-listener'].backoff;
    const shares = (await late()).map((job) => job.delay / (delay * 2 ** (job.attemptsMade - 1)));
    expect(Math.max(...shares)).toBeLessThanOrEqual(1);
    expect(Math.min(...shares)).toBeGreaterThan(1 - jitter - 0.01);
    expect(Math.max(...shares) - Math.min(...shares)).toBeGreaterThan(0.2);
    failure = null;
    await dueNow(jobs);
    await expect.poll(() => jobs.getCompletedCount()).toBe(ids.length);
    await jobs.obliterate({ force: true });
    await jobs.close();
    await app.close();
    attempts.length = 0;
  });

  it('tries a job on that cannot even be given up, after no more than the longest wait', async () => {
    failure = new Error('The database is away.');
    const app = await start();
    const data = { runnerId: SESSION, triggerId: 'trg_1', listenerId: 'lst_1' };
    await app.get(Queues).add('run-listener', 'lst_1.trg_1', data);
    const jobs = new Queue('listeners', { connection: redis.connect('test'), prefix: QUEUE.prefix });
    const tried = async (): Promise<number> => {
      await dueNow(jobs);
      return attempts.length;
    };
    await expect.poll(tried).toBeGreaterThan(13);
    expect(attempts.map(({ isLast }) => isLast)).toEqual(attempts.map(({ number }) => number >= 12));
    await expect.poll(() => jobs.getDelayedCount()).toBe(1);
    const [waiting] = await jobs.getDelayed();
    expect(waiting?.delay).toBeGreaterThan(200_000);
    expect(waiting?.delay).toBeLessThanOrEqual(512_000);
    failure = null;
    await dueNow(jobs);
    await expect.poll(() => jobs.getCompletedCount()).toBe(1);
    await jobs.close();
    await app.close();
  });
});
