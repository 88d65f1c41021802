import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitFor, type WaitOptions } from '../servers/wait-for.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const NODE = join(ROOT, 'node_modules', '.bin', 'node');
const KEPT_LOG = 64 * 1024;
/** By it `npm test` finds and ends what a suite left running. */
const START_MARK = '_PIZZAPI_START';

/** A process of the built product, in an environment of its own. */
export class ProductProcess {
  private child: ChildProcess | null = null;
  private whole: Promise<void> = Promise.resolve();
  /** The end of what it wrote, for the message of a failing test. */
  log = '';
  /** The same, of what it wrote since it was launched last. */
  logSinceLaunch = '';

  constructor(
    private readonly program: string,
    private readonly args: readonly string[],
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  get pid(): number {
    if (!this.child?.pid) throw new Error(`${this.program} is not running.`);
    return this.child.pid;
  }

  get isRunning(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  get exitCode(): number | null {
    return this.child?.exitCode ?? null;
  }

  /** `more` are settings of this launch alone. */
  launch(more: Readonly<Record<string, string>> = {}): void {
    const file = join(ROOT, 'dist', this.program);
    if (!existsSync(file)) throw new Error(`${this.program} is not built; run "npm run build" first.`);
    const { PATH = '', HOME = '', [START_MARK]: mark = '' } = process.env;
    const child = spawn(NODE, [file, ...this.args], {
      env: { PATH, HOME, [START_MARK]: mark, ...this.env, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (chunk: Buffer): void => {
      this.log = (this.log + chunk.toString()).slice(-KEPT_LOG);
      this.logSinceLaunch = (this.logSinceLaunch + chunk.toString()).slice(-KEPT_LOG);
    };
    this.logSinceLaunch = '';
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    this.whole = new Promise((resolve) => child.once('close', () => resolve()));
    this.child = child;
  }

  /**
   * Resolves when the process is as it should be.
   * @throws Error with what it wrote, when it ends before that or its time is over: it has ended then
   */
  async until(isThere: () => boolean | Promise<boolean>, options: WaitOptions): Promise<void> {
    const asks = async (): Promise<boolean> => !this.isRunning || (await isThere());
    try {
      await waitFor(asks, options);
      if (!this.isRunning) throw new Error(`${this.program} ended at its start.`);
    } catch (cause) {
      await this.end('SIGTERM');
      throw new Error(`${options.description}: not so; the log ends with:\n${this.logSinceLaunch}`, { cause });
    }
  }

  /** Resolves when a process that ends by itself is gone, and all that it wrote has been read. */
  ended(): Promise<void> {
    return this.whole;
  }

  /** Resolves when the process is gone. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || !this.isRunning) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }
}
