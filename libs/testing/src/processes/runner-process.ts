import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { ProductProcess } from './product-process.js';

export interface RunnerOptions {
  home: string;
  relayUrl: string;
  /** Workspace roots; the first is the default folder. */
  roots: string[];
  /** Without one the runner enrols itself at a relay that shares its home. */
  apiKey?: string;
  env?: Record<string, string>;
}

const RunnerFile = Type.Object({ runnerId: Type.String() });

/** A built runner (supervisor, daemon and workers) in processes of its own. */
export class RunnerProcess implements AsyncDisposable {
  private constructor(
    private readonly home: string,
    private readonly process: ProductProcess,
  ) {}

  static async start({ home, relayUrl, roots, apiKey, env = {} }: RunnerOptions): Promise<RunnerProcess> {
    const settings = {
      PIZZAPI_HOME: home,
      PIZZAPI_RELAY_URL: relayUrl,
      PIZZAPI_WORKSPACE_ROOTS: roots.join(':'),
      ...(apiKey === undefined ? {} : { PIZZAPI_API_KEY: apiKey }),
      ...env,
    };
    const runner = new RunnerProcess(home, new ProductProcess('runner/apps/runner/src/main.js', ['runner'], settings));
    await runner.start();
    return runner;
  }

  get runnerId(): string {
    return Value.Parse(RunnerFile, JSON.parse(readFileSync(join(this.home, 'runner.json'), 'utf8'))).runnerId;
  }

  get supervisorPid(): number {
    return this.process.pid;
  }

  get log(): string {
    return this.process.log;
  }

  /** Starts it, or starts it again, with `more` settings for this time. Resolves when it is online. */
  async start(more: Readonly<Record<string, string>> = {}): Promise<void> {
    this.process.launch(more);
    const isOnline = (): boolean => this.process.logSinceLaunch.includes('online');
    await this.process.until(isOnline, { description: 'the runner is online', timeoutMs: 60_000 });
  }

  /** Ends the supervisor alone with SIGKILL, or the whole runner with SIGTERM. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    await this.process.end(signal);
  }

  async stop(): Promise<void> {
    await this.process.end('SIGTERM');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
