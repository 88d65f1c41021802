import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis, type RedisOptions } from 'ioredis';
import type { PinoLogger } from 'nestjs-pino';
import type { RedisAddress } from './redis-address.js';

/** Neither `redis-server` nor `valkey-server` is on PATH. */
export class NoRedisError extends Error {
  constructor() {
    super(
      'No redis-server or valkey-server was found. Install one (Debian: apt-get install redis-server) or set REDIS_URL.',
    );
    this.name = 'NoRedisError';
  }
}

/** The path of a Unix socket may have 108 bytes on Linux and 104 on macOS. */
const MAX_SOCKET_PATH = 100;
/** How long a stop waits for the server to exit. */
const STOP_MS = 2_000;
/** How often a connection asks whether Redis has loaded its file; ioredis' own default is once a second. */
const LOADING_AGAIN_MS = 20;

/**
 * The relay's own Redis: a child on a Unix socket in a folder only this user can enter, with a random password, an
 * append-only file and no eviction. It is restarted when it dies and stopped with the relay; a relay that was killed leaves it
 * running, and the next one adopts it.
 */
export class OwnRedis implements RedisAddress {
  private child: ChildProcess | null = null;
  private isStopping = false;
  private watch: NodeJS.Timeout | null = null;
  private readonly folder: string;
  private readonly socket: string;
  private readonly password: string;

  private constructor(
    dataDir: string,
    private readonly durability: 'strict' | 'relaxed',
    private readonly logger: PinoLogger,
  ) {
    this.folder = join(dataDir, 'redis');
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    chmodSync(this.folder, 0o700);
    this.socket = socketPath(this.folder);
    this.password = keptPassword(join(this.folder, 'password'));
  }

  static async start(dataDir: string, durability: 'strict' | 'relaxed', logger: PinoLogger): Promise<OwnRedis> {
    const own = new OwnRedis(dataDir, durability, logger);
    process.once('exit', own.abandon);
    if (await own.answers()) {
      logger.info('Adopted the Redis that an earlier relay left running');
      await own.applyDurability();
    } else {
      await own.spawn();
    }
    own.keepAlive();
    return own;
  }

  get options(): RedisOptions {
    return { path: this.socket, password: this.password, maxLoadingRetryTime: LOADING_AGAIN_MS };
  }

  /** When the relay exits without `stop` (a failed start, a crash), Redis must not stay behind. Its append-only file has everything. */
  private readonly abandon = (): void => {
    const pid = this.pid();
    if (pid !== null && isAlive(pid)) process.kill(pid, 'SIGTERM');
  };

  async stop(): Promise<void> {
    process.off('exit', this.abandon);
    this.isStopping = true;
    if (this.watch) clearInterval(this.watch);
    const pid = this.pid();
    // Everything acknowledged is in the append-only file already, so there is nothing to save.
    await this.once(async (redis) => redis.shutdown('NOSAVE')).catch((error: unknown) => {
      // The server closes the connection instead of answering SHUTDOWN.
      this.logger.debug({ reason: String(error) }, 'Redis closed the connection at shutdown');
    });
    const deadline = Date.now() + STOP_MS;
    while (pid !== null && isAlive(pid) && Date.now() < deadline) await pause(10);
  }

  private async spawn(): Promise<void> {
    const config = join(this.folder, 'redis.conf');
    writeFileSync(config, this.configFile(), { mode: 0o600 });
    for (const program of ['redis-server', 'valkey-server']) {
      const child = spawn(program, [config], { stdio: 'ignore', detached: true });
      const isStarted = await new Promise<boolean>((resolve) => {
        child.once('spawn', () => resolve(true));
        child.once('error', () => resolve(false));
      });
      if (!isStarted) continue;
      child.unref();
      this.child = child;
      return this.untilReady(child);
    }
    throw new NoRedisError();
  }

  private async untilReady(child: ChildProcess): Promise<void> {
    // A large append-only file is loaded before the server answers; only its death is a failure.
    while (!(await this.answers())) {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`Redis stopped at its start; its log is ${join(this.folder, 'redis.log')}.`);
      await pause(10);
    }
  }

  /** Restarts a dead Redis at once when it is our child, within half a second when it was adopted. */
  private keepAlive(): void {
    let isBusy = false;
    const revive = async (): Promise<void> => {
      if (isBusy || this.isStopping) return;
      const pid = this.pid();
      if (this.child ? this.child.exitCode === null && this.child.signalCode === null : pid !== null && isAlive(pid))
        return;
      isBusy = true;
      try {
        this.logger.warn("The relay's own Redis died; starting it again");
        await this.spawn();
      } catch (error) {
        this.logger.error({ err: error }, 'Redis could not be started again; retrying');
      } finally {
        isBusy = false;
      }
    };
    this.watch = setInterval(() => void revive(), 250);
  }

  private pid(): number | null {
    const file = join(this.folder, 'redis.pid');
    const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : NaN;
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  }

  private async answers(): Promise<boolean> {
    if (!existsSync(this.socket)) return false;
    return this.once(async (redis) => (await redis.ping()) === 'PONG').catch(() => false);
  }

  private async applyDurability(): Promise<void> {
    await this.once((redis) => redis.config('SET', 'appendfsync', this.fsync()));
  }

  private async once<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis({ ...this.options, lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 });
    redis.on('error', () => undefined); // the rejected command says the same
    try {
      await redis.connect();
      return await work(redis);
    } finally {
      redis.disconnect();
    }
  }

  private fsync(): string {
    return this.durability === 'strict' ? 'always' : 'everysec';
  }

  private configFile(): string {
    return [
      'port 0',
      `unixsocket ${quoted(this.socket)}`,
      'unixsocketperm 700',
      `requirepass ${this.password}`,
      `dir ${quoted(this.folder)}`,
      `pidfile ${quoted(join(this.folder, 'redis.pid'))}`,
      `logfile ${quoted(join(this.folder, 'redis.log'))}`,
      'daemonize no',
      'save ""',
      'appendonly yes',
      // A thousand deliveries take some megabytes. Rewriting the file competes with the relay for the processor, so it happens rarely and
      // without compression.
      'auto-aof-rewrite-min-size 256mb',
      'rdbcompression no',
      `appendfsync ${this.fsync()}`,
      'maxmemory-policy noeviction',
      '',
    ].join('\n');
  }
}

function socketPath(folder: string): string {
  const path = join(folder, 'redis.sock');
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH) return path;
  const short = join(tmpdir(), `pizzapi-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`);
  mkdirSync(short, { recursive: true, mode: 0o700 });
  chmodSync(short, 0o700); // throws when the folder is another user's
  return join(short, 'redis.sock');
}

function keptPassword(file: string): string {
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false; // no such process
  }
  return !isZombie(pid);
}

/** Dead, but not reaped: the parent of an adopted server is the init process, which may be slow to reap it, or never do so. */
function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name, in brackets before the state, may contain anything.
    return stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
  } catch {
    return false; // gone just now, or a system without /proc
  }
}

function quoted(path: string): string {
  return `"${path.replace(/[\\"]/g, '\\$&')}"`;
}
