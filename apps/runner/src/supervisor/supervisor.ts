import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import type { HomeLayout } from '../config/home-layout.js';
import { EXIT_CONFIG } from '../config/exit-code.js';
import { errorText, type Logger } from '../logging/logger.js';
import { Backoff } from '../retry/backoff.js';
import { endWorkers } from '../worker-state/end-processes.js';
import { WorkerStateStore } from '../worker-state/worker-state.store.js';

/** A daemon that ran this long was well; its next crash starts the waiting times anew. */
const HEALTHY_AFTER_MS = 60_000;
/** The daemon gives its workers 8 s. */
const DAEMON_GRACE_MS = 12_000;
const DAEMON_FLAGS = [
  // A request through the tunnel leaves some 40 kB behind: with 2 MiB one of 37 requests met a collection, with 8 one of 150. It costs 10 MB
  // of memory, also at rest.
  '--max-semi-space-size=8',
  // What a service sends comes in buffers beside the heap. To a heap as small as the daemon's they look like much: V8 collected all of it
  // eight times a second at 40 MB/s, which took half of the daemon's time. They may take 30 MB more meanwhile.
  '--initial-old-space-size=128',
  '--enable-source-maps',
];

/** How a run of the daemon ended. */
interface DaemonEnd {
  code: number | null;
  signal: string | null;
  /** Why the system did not even start it. */
  reason?: string;
}

export interface SupervisorOptions {
  daemonEntry: string;
  layout: HomeLayout;
  logger: Logger;
  backoff?: Backoff;
}

/**
 * The outermost process: small, knows nothing of the relay, and so has no reason to crash. Starts the daemon again
 * whenever it dies, until it is told to stop. Resolves to the exit code.
 */
export class Supervisor {
  private readonly stopping = new AbortController();
  private readonly backoff: Backoff;
  private daemon: ChildProcess | undefined;

  constructor(private readonly options: SupervisorOptions) {
    this.backoff = options.backoff ?? new Backoff({ firstMs: 250, maxMs: 15_000 });
  }

  async run(): Promise<number> {
    const { logger } = this.options;
    while (!this.stopping.signal.aborted) {
      const startedAt = Date.now();
      const end = await this.runDaemon();
      if (this.stopping.signal.aborted) break;
      if (end.code === EXIT_CONFIG) return EXIT_CONFIG;
      if (Date.now() - startedAt > HEALTHY_AFTER_MS) this.backoff.reset();
      const delayMs = this.backoff.nextMs();
      logger.error({ ...end, delayMs }, 'the daemon died and is started again; workers go on meanwhile');
      await wait(delayMs, undefined, { signal: this.stopping.signal }).catch(ignoreAbort);
    }
    await this.endWorkersLeft();
    return 0;
  }

  /** Ends the daemon, which ends the workers. A second call changes nothing. */
  stop(signal: NodeJS.Signals): void {
    if (this.stopping.signal.aborted) return;
    this.options.logger.info({ signal }, 'stopping');
    this.stopping.abort();
    this.daemon?.kill('SIGTERM');
    setTimeout(() => this.daemon?.kill('SIGKILL'), DAEMON_GRACE_MS).unref();
  }

  /** Never rejects. A machine that has no process or memory to spare for a moment is one more end of the daemon, after which it is tried again. */
  private async runDaemon(): Promise<DaemonEnd> {
    try {
      // The daemon reads its stdin only to notice that this process is gone.
      const daemon = spawn(process.execPath, [...DAEMON_FLAGS, this.options.daemonEntry], {
        stdio: ['pipe', 'inherit', 'inherit'],
      });
      this.daemon = daemon;
      daemon.stdin?.on('error', () => undefined); // the daemon's end of the pipe is gone with the daemon
      return await endOf(daemon);
    } catch (error) {
      return { code: null, signal: null, reason: errorText(error) };
    } finally {
      this.daemon = undefined;
    }
  }

  /** The daemon ends its workers itself; this is for the case that it was killed or not running at that moment. */
  private async endWorkersLeft(): Promise<void> {
    await endWorkers(new WorkerStateStore(this.options.layout.workerStateDir).list(), 8_000);
  }
}

/** @throws when the system could not start it */
async function endOf(daemon: ChildProcess): Promise<DaemonEnd> {
  return new Promise((resolve, reject) => {
    daemon.once('error', reject);
    daemon.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}
