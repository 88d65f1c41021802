import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { shortageOf } from '../../../files/shortage.js';
import { killGroup } from '../../../worker-state/process-table.js';
import { parseServiceMessage, type DaemonMessage, type ServiceStart } from '../../../service-link/messages.js';
import { logOutput } from '../logs/log-output.js';
import type { ServiceLog } from '../logs/service-log.js';
import { HealthWatch } from './health-watch.js';
import { judgeEnd, type EndFacts, type ServiceEnd } from './judge-end.js';
import type { ServiceLimits } from './service-limits.js';

/** How long the process may take to end after `dispose` has had its time. */
const EXIT_GRACE_MS = 1_000;
/** What was written shortly before the end may still be in the pipe. */
const DRAIN_MS = 500;
const LAST_WORDS = 4_096;

export interface ProcessOptions {
  /** Runs the service: the built `service/main.js`. */
  program: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  limits: ServiceLimits;
  log: ServiceLog;
  /** What to tell it as soon as it listens. */
  start: () => ServiceStart;
}

/** What a process makes known. Each end is told once. */
export interface ProcessEvents {
  onStarted: (pid: number) => void;
  onRunning: () => void;
  onPanel: (port: number) => void;
  /** It goes on, but something of it does not work. */
  onTrouble: (text: string) => void;
  onKeyRefused: (apiKey: string) => void;
  onEnd: (end: ServiceEnd, pid: number | null) => void;
}

/** One run of a service: its process from spawn to exit. */
export class ServiceProcess {
  private readonly child: ChildProcess;
  private readonly health: HealthWatch | undefined;
  private readonly startTimer: NodeJS.Timeout;
  private readonly facts: Omit<EndFacts, 'code' | 'signal'> = { lastWords: '' };
  private readonly ended: Promise<void>;
  private isListening = false;

  constructor(
    private readonly options: ProcessOptions,
    private readonly events: ProcessEvents,
  ) {
    const { program, cwd, env, limits } = options;
    // A process group of its own: Ctrl+C reaches the daemon alone, and what the service starts ends with it.
    this.child = spawn(process.execPath, [...flags(limits), program], {
      cwd,
      env,
      detached: true,
      // The last one is the lifeline.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
    });
    const { pid } = this.child;
    if (pid !== undefined) {
      events.onStarted(pid);
      this.health = new HealthWatch(
        pid,
        limits,
        () => this.ping(),
        (reason) => this.kill(reason),
      );
    }
    const late = `did not start within ${limits.startMs / 1_000} s`;
    this.startTimer = setTimeout(() => this.kill(late), limits.startMs);
    this.readOutput();
    this.child.on('message', (message) => this.onMessage(message));
    this.ended = this.untilItEnds();
  }

  /** Nothing is told before the process listens: then it gets all of it. */
  tell(message: DaemonMessage): void {
    if (this.isListening && this.child.connected) this.child.send(message, () => undefined); // its end is what counts
  }

  /** Lets the service dispose of what it holds; resolves when the process is gone. */
  async stop(): Promise<void> {
    if (this.isListening) this.tell({ type: 'stop' });
    else this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.killNow(), this.options.limits.disposeMs + EXIT_GRACE_MS);
    await this.ended;
    clearTimeout(timer);
  }

  /** Until it listens, `startMs` is what it has. */
  private ping(): boolean {
    this.tell({ type: 'ping' });
    return this.isListening;
  }

  private kill(reason: string): void {
    this.facts.killedFor ??= reason;
    this.killNow();
  }

  private killNow(): void {
    if (this.child.pid !== undefined) killGroup(this.child.pid);
  }

  private onMessage(value: unknown): void {
    const message = parseServiceMessage(value);
    switch (message?.type) {
      case undefined:
        return; // the channel is open to the service's own code
      case 'ready':
        this.isListening = true;
        return this.tell(this.options.start());
      case 'running':
        clearTimeout(this.startTimer);
        return this.events.onRunning();
      case 'panel':
        return this.events.onPanel(message.port);
      case 'pong':
        return this.health?.answered();
      case 'failed':
        this.facts.failure = message;
        return;
      case 'uncaught':
        this.facts.uncaught = message.error;
        return;
      case 'key-refused':
        return this.events.onKeyRefused(message.apiKey);
      case 'trouble':
        return this.events.onTrouble(message.text);
      case 'note':
        return this.options.log.write('runner', message.text);
    }
  }

  private readOutput(): void {
    const { stdout, stderr } = this.child;
    // Each has a budget of its own: an error is not left out for what was printed beside it.
    if (stdout) logOutput(stdout, 'stdout', this.options.log);
    if (stderr) logOutput(stderr, 'stderr', this.options.log);
    stderr?.on('data', (bytes: Buffer) => {
      this.facts.lastWords = (this.facts.lastWords + bytes.toString('latin1')).slice(-LAST_WORDS);
    });
  }

  private async untilItEnds(): Promise<void> {
    const { child } = this;
    const heard = Promise.all([once(child, 'close'), once(child, 'disconnect')]);
    heard.catch(() => undefined); // of a process that never was
    const exit = await new Promise<{ code: number | null; signal: string | null; error?: Error }>((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
      child.on('error', (error) => resolve({ code: null, signal: null, error }));
    });
    this.health?.stop();
    clearTimeout(this.startTimer);
    this.killNow(); // what it started itself, and would hold its ports
    if (!exit.error) await Promise.race([heard, new Promise((resolve) => setTimeout(resolve, DRAIN_MS))]);
    const end = exit.error ? { error: notStarted(exit.error), isFinal: false } : judgeEnd({ ...this.facts, ...exit });
    this.events.onEnd(end, child.pid ?? null);
  }
}

function notStarted(error: Error): string {
  const what = shortageOf(error);
  return `its process cannot be started: ${what === null ? error.message : `the machine has no more ${what}`}`;
}

/** A small young generation keeps an idle service small. */
function flags({ maxMemoryMb }: ServiceLimits): string[] {
  return ['--enable-source-maps', '--no-warnings', '--max-semi-space-size=4', `--max-old-space-size=${maxMemoryMb}`];
}
