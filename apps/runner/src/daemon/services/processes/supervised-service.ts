import type { ServiceState } from '@pizzapi/protocol';
import { errorText } from '../../../logging/logger.js';
import { Backoff } from '../../../retry/backoff.js';
import type { DaemonMessage } from '../../../service-link/messages.js';
import type { StartSlot, StartSlots } from '../../turns/start-slots.js';
import type { DeclaredService } from '../discovery/discovered-service.js';
import type { ServiceLog } from '../logs/service-log.js';
import type { ServiceEnd } from './judge-end.js';
import type { ServiceLimits } from './service-limits.js';
import type { ProcessEvents, ServiceProcess } from './service-process.js';

export interface ServiceStatus {
  state: ServiceState;
  error: string | null;
  since: Date;
  /** By itself, since it was declared or a person started it. */
  restarts: number;
  /** Where its panel listens. */
  panelPort: number | null;
}

export interface SupervisionOptions {
  launch: (events: Omit<ProcessEvents, 'onKeyRefused'>) => ServiceProcess;
  slots: StartSlots;
  limits: ServiceLimits;
  log: ServiceLog;
  onChange: () => void;
}

/** One service from the moment its folder is read until it is removed or changed: its process, started again whenever it ends. */
export class SupervisedService {
  private readonly backoff: Backoff;
  private process: ServiceProcess | null = null;
  private timer: NodeJS.Timeout | undefined;
  private isWanted = false;
  /** What does not work of this run; it goes on without. */
  private trouble: string | null = null;
  private current: ServiceStatus;

  constructor(
    readonly service: DeclaredService,
    private readonly options: SupervisionOptions,
  ) {
    const { firstPauseMs, lastPauseMs } = options.limits;
    this.backoff = new Backoff({ firstMs: firstPauseMs, maxMs: lastPauseMs });
    this.current = { state: 'declared', error: null, since: new Date(), restarts: 0, panelPort: null };
  }

  get id(): string {
    return this.service.manifest.id;
  }

  get status(): ServiceStatus {
    const { trouble, current } = this;
    return current.error === null && trouble !== null ? { ...current, error: trouble } : current;
  }

  /** Whether there is anything to run: a module, or a panel's files. */
  get isRunnable(): boolean {
    return this.service.entry !== null || this.service.panelDir !== null;
  }

  start(): void {
    if (!this.isRunnable || this.isWanted) return;
    this.isWanted = true;
    this.backoff.reset();
    this.change({ state: 'starting', error: null, restarts: 0 });
    void this.launch();
  }

  /** Resolves when its process is gone. */
  async stop(state: Extract<ServiceState, 'stopped' | 'disabled'>): Promise<void> {
    this.isWanted = false;
    clearTimeout(this.timer);
    this.options.slots.withdraw(this.id)();
    await this.process?.stop();
    this.change({ state, error: null, panelPort: null });
  }

  tell(message: DaemonMessage): void {
    this.process?.tell(message);
  }

  private async launch(): Promise<void> {
    const slot = await this.options.slots.take(this.id);
    if (!slot) return;
    if (!this.isWanted || this.process !== null) return slot();
    try {
      this.process = this.run(slot);
    } catch (error) {
      slot();
      this.ended({ error: `cannot be started: ${errorText(error)}`, isFinal: false }, 0);
    }
  }

  private run(slot: StartSlot): ServiceProcess {
    const startedAt = Date.now();
    this.trouble = null;
    return this.options.launch({
      onStarted: (pid) => this.note(`started (process ${pid})`),
      onRunning: () => {
        slot();
        this.note('runs');
        this.change({ state: 'running', error: null });
      },
      onPanel: (port) => {
        this.note(`its panel is on port ${port}`);
        this.change({ panelPort: port });
      },
      onTrouble: (text) => {
        this.note(text);
        this.trouble = text;
        this.options.onChange();
      },
      onEnd: (end) => {
        slot();
        this.process = null;
        this.ended(end, Date.now() - startedAt);
      },
    });
  }

  private ended(end: ServiceEnd, ranForMs: number): void {
    if (!this.isWanted) return this.note('stopped');
    this.trouble = null;
    if (end.isFinal) {
      this.isWanted = false;
      this.note(`${end.error}; it is started again when its files change`);
      return this.change({ state: 'broken', error: end.error, panelPort: null });
    }
    if (ranForMs > this.options.limits.healthyMs) this.backoff.reset();
    const pauseMs = this.backoff.nextMs();
    this.note(`${end.error}; it is started again in ${(pauseMs / 1_000).toFixed(1)} s`);
    this.change({ state: 'restarting', error: end.error, restarts: this.current.restarts + 1, panelPort: null });
    this.timer = setTimeout(() => {
      this.change({ state: 'starting' });
      void this.launch();
    }, pauseMs);
  }

  private change(change: Partial<ServiceStatus>): void {
    const isAnother = change.state !== undefined && change.state !== this.current.state;
    this.current = { ...this.current, ...change, since: isAnother ? new Date() : this.current.since };
    this.options.onChange();
  }

  private note(text: string): void {
    this.options.log.write('runner', text);
  }
}
