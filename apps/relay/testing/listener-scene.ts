import type { JobData, ListenerView, SessionView, Trigger } from '@pizzapi/protocol';
import { ScriptedRunner, type ScriptedWorker } from '@pizzapi/testing';
import { Queue } from 'bullmq';
import { v7 } from 'uuid';
import { expect } from 'vitest';
import { deliveryIdOf, TriggerRecords } from '../src/modules/deliveries/index.js';
import { RunListener } from '../src/modules/listeners/running/run-listener.js';
import { Queues } from '../src/platform/queues/queues.js';
import { Redis } from '../src/platform/redis/redis.js';
import { dueNow } from './due-now.js';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from './relay-fixture.js';

/** Two replicas, and an account with a runner whose listeners wait for the trigger `time:tick`. */
export class ListenerScene implements AsyncDisposable {
  private readonly jobs: Queue<JobData<'run-listener'>>;
  private workers: ScriptedWorker[] = [];

  private constructor(
    private readonly cluster: TestCluster,
    readonly one: TestRelay,
    readonly two: TestRelay,
    readonly ada: TestAccount,
    public runner: ScriptedRunner,
  ) {
    const connection = one.app.get(Redis).connect('test');
    this.jobs = new Queue('listeners', { connection, prefix: '{pz:queues}' });
  }

  static async start(): Promise<ListenerScene> {
    const cluster = await startCluster('postgres');
    const [one, two] = [await cluster.start(), await cluster.start()];
    const ada = await one.account('ada');
    return new ListenerScene(cluster, one, two, ada, await ScriptedRunner.connect(ada));
  }

  /** For the next test: a runner of its own. */
  async renew(): Promise<void> {
    this.clear();
    this.runner = await ScriptedRunner.connect(this.ada);
  }

  /** @returns the listener's id */
  async listen(options: object = {}): Promise<string> {
    const path = `/api/runners/${this.runner.runnerId}/trigger-listeners`;
    const answer = await this.ada.post<ListenerView>(path, { triggerType: 'time:tick', ...options });
    expect(answer).toMatchObject({ status: 201 });
    return answer.body.listenerId;
  }

  /** A trigger that these listeners matched, as firing leaves it; the ids rise with the calls. Without a wake-up the bus takes a while. */
  async accept(listenerIds: string[], trigger: Partial<Trigger> = {}): Promise<string> {
    const { triggerId = `trg_${v7()}` } = trigger;
    const whole: Trigger = {
      triggerId,
      type: 'time:tick',
      payload: {},
      source: 'external:api',
      deliverAs: 'followUp',
      ts: new Date().toISOString(),
      ...trigger,
    };
    const listeners = listenerIds.map((listenerId) => ({ listenerId }));
    await this.records(this.one).accept(this.runner.runnerId, whole, { sessions: [], listeners });
    return triggerId;
  }

  /** The same, with its job. */
  async fire(listenerId: string, trigger: Partial<Trigger> = {}): Promise<string> {
    const triggerId = await this.accept([listenerId], trigger);
    const { runnerId } = this.runner;
    const jobs = this.one.app.get(Queues);
    await jobs.add('run-listener', `${listenerId}.${triggerId}`, { runnerId, triggerId, listenerId });
    return triggerId;
  }

  /** How long the job of a trigger is to wait before it looks again, in ms. Undefined: it does not wait. */
  async delayOf(triggerId: string): Promise<number | undefined> {
    return (await this.jobs.getDelayed()).find(({ data }) => data.triggerId === triggerId)?.delay;
  }

  /** All that wait look now. */
  hurry(): Promise<void> {
    return dueNow(this.jobs);
  }

  /** Does the job's work on one of the replicas, here and now. */
  run({ app }: TestRelay, listenerId: string, triggerId: string, isSecondLook = false): Promise<void> {
    const { runnerId } = this.runner;
    return app.get(RunListener, { strict: false }).run({ runnerId, triggerId, listenerId, isSecondLook });
  }

  /** How the delivery ended, if it did. */
  async stateOf(listenerId: string, triggerId: string): Promise<unknown> {
    const record = await this.records(this.two).read(this.runner.runnerId, triggerId);
    return record?.settled.get(deliveryIdOf(triggerId, listenerId));
  }

  /** In the order of their triggers. */
  async sessionsOf(listenerId: string): Promise<SessionView[]> {
    const path = `/api/sessions?runnerId=${this.runner.runnerId}&limit=200`;
    const { body } = await this.ada.get<{ sessions: SessionView[] }>(path);
    return body.sessions
      .filter((session) => session.listenerId === listenerId)
      .sort((a, b) => (a.triggerId ?? '').localeCompare(b.triggerId ?? ''));
  }

  /** Their statuses, in the order of their triggers. */
  async summary(listenerId: string): Promise<string[]> {
    const sessions = await this.sessionsOf(listenerId);
    return sessions.map(({ status, isHeld }) => (isHeld ? `${status}, held` : status));
  }

  /** How often the runner was told to start it. */
  spawnsOf(sessionId: string): number {
    return this.runner.orders.filter((order) => order.order === 'spawn' && order.sessionId === sessionId).length;
  }

  /** Does what the runner was told to. */
  async begin(sessionId: string): Promise<ScriptedWorker> {
    await expect.poll(() => this.spawnsOf(sessionId)).toBe(1);
    const reported = await this.runner.report({ sessionId, state: 'started', cwd: '/srv/code' });
    expect(reported).toMatchObject({ ok: true });
    const worker = await this.runner.startWorker(sessionId, this.two.url);
    this.workers.push(worker);
    worker.send({ type: 'session.opened', data: { epoch: 1, isResumed: false } });
    return worker;
  }

  async leave(): Promise<void> {
    this.runner.stop();
    const shown = (): Promise<unknown> => this.ada.get(`/api/runners/${this.runner.runnerId}`);
    await expect.poll(shown).toMatchObject({ body: { online: false } });
  }

  async comeBack(): Promise<void> {
    this.runner = await ScriptedRunner.connect(this.ada, 'back', { runnerId: this.runner.runnerId });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.clear();
    await this.jobs.close();
    await this.cluster[Symbol.asyncDispose]();
  }

  private clear(): void {
    for (const worker of this.workers) worker.stop();
    this.workers = [];
    this.runner.stop();
  }

  private records({ app }: TestRelay): TriggerRecords {
    return app.get(TriggerRecords, { strict: false });
  }
}
