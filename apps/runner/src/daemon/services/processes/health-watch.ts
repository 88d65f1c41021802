import { residentMb } from '../../../worker-state/process-table.js';
import type { ServiceLimits } from './service-limits.js';

/** Finds a process whose event loop is blocked, or that takes too much memory. */
export class HealthWatch {
  private readonly timer: NodeJS.Timeout;
  /** Looks since the last answer. Counted rather than timed, because it is not the service's fault if the machine was asleep. */
  private unanswered = 0;
  private isOver = false;

  /**
   * @param ping false: the process does not listen yet, and was not asked
   * @param onSick called once, with the reason
   */
  constructor(
    private readonly pid: number,
    private readonly limits: ServiceLimits,
    private readonly ping: () => boolean,
    private readonly onSick: (reason: string) => void,
  ) {
    this.timer = setInterval(() => void this.look(), limits.lookMs);
  }

  answered(): void {
    this.unanswered = 0;
  }

  stop(): void {
    this.isOver = true;
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    const { lookMs, maxUnanswered, maxMemoryMb } = this.limits;
    const memoryMb = await residentMb(this.pid);
    if (this.isOver) return;
    if (memoryMb !== null && memoryMb > maxMemoryMb)
      return this.sick(
        `took ${Math.round(memoryMb)} MB of memory; PIZZAPI_MAX_SERVICE_MEMORY_MB allows ${maxMemoryMb}`,
      );
    if (this.unanswered >= maxUnanswered)
      return this.sick(`did not answer for ${(lookMs * maxUnanswered) / 1_000} s: its event loop is blocked`);
    // At most one ping is under way, because a process that hangs reads none. And only one that was asked owes an answer.
    if (this.unanswered > 0 || this.ping()) this.unanswered += 1;
  }

  private sick(reason: string): void {
    this.stop();
    this.onSick(reason);
  }
}
