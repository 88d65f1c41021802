import { ScriptedRunner } from '@pizzapi/testing';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from './relay-fixture.js';

/** Two replicas, and an account with a runner that is connected to the first one. */
export class TwoReplicas implements AsyncDisposable {
  private constructor(
    private readonly cluster: TestCluster,
    readonly one: TestRelay,
    readonly two: TestRelay,
    readonly ada: TestAccount,
    readonly runner: ScriptedRunner,
  ) {}

  static async start(): Promise<TwoReplicas> {
    const cluster = await startCluster('postgres');
    const [one, two] = [await cluster.start(), await cluster.start()];
    const ada = await one.account('ada');
    return new TwoReplicas(cluster, one, two, ada, await ScriptedRunner.connect(ada));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.runner.stop();
    await this.cluster[Symbol.asyncDispose]();
  }
}
