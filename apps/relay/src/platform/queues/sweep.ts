import { PinoLogger } from 'nestjs-pino';

export interface SweepOptions {
  /** What the work is, for the log message of a failure: "Looking after pending sessions". */
  description: string;
  everyMs: number;
  /** When to begin; default: at once. */
  firstAfterMs?: number;
}

/**
 * Repeats work for as long as the process lives, because a crash may have left some of it undone. In one process it never runs twice at once; other
 * replicas do the same at the same time, so the work itself has to settle who does what.
 */
export class Sweep {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  private isStopped = false;
  private isWoken = false;

  constructor(
    private readonly work: () => Promise<void>,
    private readonly options: SweepOptions,
    private readonly logger: PinoLogger,
  ) {}

  start(): void {
    this.next(this.options.firstAfterMs ?? 0);
  }

  /** Does the work now; or, while it is under way, once more right after. */
  wake(): void {
    this.isWoken = true;
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.next(0);
  }

  /** Resolves once the work that is under way is done. */
  async stop(): Promise<void> {
    this.isStopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.running;
  }

  private next(delayMs: number): void {
    if (this.isStopped) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.isWoken = false;
      this.running = this.work()
        .catch((error: unknown) => this.logger.warn({ err: error }, `${this.options.description} failed; retrying`))
        .then(() => this.next(this.isWoken ? 0 : this.options.everyMs));
    }, delayMs);
  }
}
