import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../servers/free-port.js';
import { waitFor } from '../servers/wait-for.js';
import { ProductProcess } from './product-process.js';

export interface RelayOptions {
  /** `PIZZAPI_HOME`; replicas may share it. */
  home: string;
  /** Default: a Redis of the relay's own. */
  redisUrl?: string;
  /** Default: SQLite in the home. */
  databaseUrl?: string;
  env?: Record<string, string>;
}

/** A built relay in a process of its own, on a loopback port that it keeps through restarts. */
export class RelayProcess implements AsyncDisposable {
  readonly url: string;
  private readonly process: ProductProcess;

  private constructor(
    private readonly home: string,
    readonly port: number,
    env: Record<string, string>,
  ) {
    this.url = `http://localhost:${port}`;
    this.process = new ProductProcess('relay/bundle/main.js', [], env);
  }

  static async start(options: RelayOptions): Promise<RelayProcess> {
    const relay = await RelayProcess.prepare(options);
    await relay.start();
    return relay;
  }

  /** Of a relay that must not start: resolves when it has ended. */
  static async refused(options: RelayOptions): Promise<{ exitCode: number | null; output: string }> {
    const relay = await RelayProcess.prepare(options);
    relay.process.launch();
    await relay.process.ended();
    return { exitCode: relay.process.exitCode, output: relay.log };
  }

  private static async prepare({ home, redisUrl, databaseUrl, env = {} }: RelayOptions): Promise<RelayProcess> {
    const port = await freePort();
    return new RelayProcess(home, port, {
      PIZZAPI_HOME: home,
      PIZZAPI_PORT: String(port),
      PIZZAPI_LOG_LEVEL: 'warn',
      ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
      ...env,
    });
  }

  get pid(): number {
    return this.process.pid;
  }

  get log(): string {
    return this.process.log;
  }

  /** Starts it, or starts it again after {@link kill}, with `more` settings for this time. Resolves when it is ready. */
  async start(more: Readonly<Record<string, string>> = {}): Promise<void> {
    this.process.launch(more);
    await this.process.until(() => this.isReady(), { description: 'the relay is ready', timeoutMs: 60_000 });
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    await this.process.end(signal);
  }

  async stop(): Promise<void> {
    await this.process.end('SIGTERM');
  }

  /** Of the Redis that this relay started for itself. */
  redisPid(): number {
    const written = readFileSync(join(this.home, 'relay', 'redis', 'redis.pid'), 'utf8');
    // Redis makes the file first and writes into it afterwards.
    if (!/^\d+\n/.test(written)) throw new Error("The relay's own Redis has not written down its process yet.");
    return Number(written);
  }

  /** Resolves when the relay has started another Redis than the one that was killed. */
  async ownRedisOtherThan(killedPid: number): Promise<void> {
    await waitFor(() => this.redisPid() !== killedPid, { description: "the relay's own Redis is back" });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  private async isReady(): Promise<boolean> {
    return (await fetch(`${this.url}/health/ready`)).ok;
  }
}
