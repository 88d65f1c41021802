import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { freePort } from './free-port.js';
import { removeFolder, temporaryFolder } from './temporary-folder.js';

/** A real Redis with the settings that the relay asks for. */
export class RedisServer implements AsyncDisposable {
  private constructor(
    private child: ChildProcess,
    private readonly folder: string,
    private readonly port: number,
    private readonly settings: readonly string[],
  ) {}

  /**
   * @param settings Further command line settings, which win: `['--appendonly', 'no']`.
   * @throws Error with what it printed, if it ends instead of answering
   */
  static async start(...settings: string[]): Promise<RedisServer> {
    const folder = await temporaryFolder('redis');
    const port = await freePort();
    // By default its port for other Redis is 10,000 higher, where the system's lent ports are.
    const all = settings.includes('--cluster-enabled')
      ? ['--cluster-port', `${await freePort()}`, ...settings]
      : settings;
    const server = new RedisServer(launch(folder, port, all), folder, port, all);
    try {
      await server.untilReady();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('Redis is not running; is redis-server on PATH?');
    return this.child.pid;
  }

  /** Ends it as a crash would; what was acknowledged is on disk. */
  async kill(): Promise<void> {
    const { pid, exitCode, signalCode } = this.child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }

  /** Starts it again on the same port and data. */
  async restart(): Promise<void> {
    await this.kill();
    this.child = launch(this.folder, this.port, this.settings);
    await this.untilReady();
  }

  async stop(): Promise<void> {
    await this.kill();
    await removeFolder(this.folder);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  private async untilReady(): Promise<void> {
    const redis = new Redis(this.url, { lazyConnect: true, retryStrategy: () => 20, maxRetriesPerRequest: null });
    redis.on('error', () => undefined); // not there yet: that is what is waited for
    const { child } = this;
    let printed = '';
    child.stdout?.on('data', (chunk: Buffer) => (printed = (printed + chunk.toString()).slice(-KEPT_LOG)));
    const ended = once(child, 'close').then(() => {
      throw new Error(`Redis ended before it answered: ${printed}`);
    });
    try {
      await Promise.race([redis.ping(), ended]);
    } finally {
      redis.disconnect();
    }
  }
}

const KEPT_LOG = 4 * 1024;

function launch(folder: string, port: number, settings: readonly string[]): ChildProcess {
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction', '--save', ''];
  return spawn(
    'redis-server',
    ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, ...durable, ...settings],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
}
