import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  cpuSeconds,
  forget,
  forgetPeak,
  peakResidentBytes,
  remember,
  residentBytes,
  signal,
} from '../processes/process-registry.js';
import { built } from './paths.js';

const READY_WITHIN_MS = 30_000;
const POLL_MS = 2;

export interface RelayOptions {
  /** `PIZZAPI_HOME`. */
  home: string;
  env?: Record<string, string>;
  nodeOptions?: string[];
}

/** The built relay, as production runs it: its own Redis that writes every append to the disk, SQLite. */
export class RelayProcess implements AsyncDisposable {
  private constructor(
    private readonly child: ChildProcess,
    readonly pid: number,
    readonly home: string,
    readonly url: string,
    /** From the start of the process until `GET /health/ready` said 200. */
    readonly readyMs: number,
  ) {}

  static async start({ home, env = {}, nodeOptions = [] }: RelayOptions): Promise<RelayProcess> {
    mkdirSync(home, { recursive: true });
    const port = await freePort();
    const log = createWriteStream(join(home, 'relay.log'), { flags: 'a' });
    const startedAt = performance.now();
    const child = spawn(process.execPath, [...nodeOptions, built.relay], {
      env: {
        ...process.env,
        NODE_ENV: 'production',
        PIZZAPI_HOME: home,
        PIZZAPI_PORT: String(port),
        PIZZAPI_LOG_LEVEL: 'warn',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await once(child, 'spawn');
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    const pid = child.pid ?? NaN;
    remember(pid);
    const url = `http://127.0.0.1:${port}`;
    while (!(await isReady(`${url}/health/ready`))) {
      if (child.exitCode !== null)
        throw new Error(`The relay ended at its start:\n${readFileSync(join(home, 'relay.log'), 'utf8')}`);
      if (performance.now() - startedAt > READY_WITHIN_MS) throw new Error('The relay was not ready in time.');
      await pause(POLL_MS);
    }
    const relay = new RelayProcess(child, pid, home, url, performance.now() - startedAt);
    const redis = relay.redisPid;
    if (redis !== null) remember(redis);
    return relay;
  }

  get residentBytes(): number {
    return residentBytes(this.pid);
  }

  /** The most resident memory that it has while something is done. */
  async peakBytesDuring(work: () => Promise<unknown>): Promise<number> {
    forgetPeak(this.pid);
    await work();
    return peakResidentBytes(this.pid);
  }

  /** Processor time since its start. */
  get cpuSeconds(): number {
    return cpuSeconds(this.pid);
  }

  /** @returns how long it took from SIGTERM to its end, and how it ended */
  async stop(): Promise<{ tookMs: number; exitCode: number | null }> {
    const startedAt = performance.now();
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exit = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await exit;
    }
    forget(this.pid);
    return { tookMs: performance.now() - startedAt, exitCode: this.child.exitCode };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const redis = this.redisPid;
    await this.stop();
    if (redis === null) return;
    // Only a relay that did not stop in order leaves it behind.
    if (isRedis(redis)) signal(redis, 'SIGTERM');
    forget(redis);
  }

  /** Of the relay's own Redis, which is a process group of its own. */
  private get redisPid(): number | null {
    const file = join(this.home, 'relay', 'redis', 'redis.pid');
    const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : NaN;
    return isRedis(pid) ? pid : null;
  }
}

function isRedis(pid: number): boolean {
  const file = `/proc/${pid}/comm`;
  return existsSync(file) && /^(redis|valkey)/.test(readFileSync(file, 'utf8'));
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}

function isReady(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false)); // not listening yet
    request.on('timeout', () => request.destroy());
  });
}
