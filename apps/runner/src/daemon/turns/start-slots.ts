/** One of the places for a starting process; giving it back twice does nothing more. */
export type StartSlot = () => void;

interface Waiting {
  key: string;
  settle: (slot: StartSlot | null) => void;
}

/**
 * Limits how many processes (workers, by their session's id; services, by theirs) start at the same time; the others wait in order of
 * arrival. A start is heavy work, and of two hundred at once none would get anywhere. A process holds its slot until it has started or
 * is gone.
 */
export class StartSlots {
  private waiting: Waiting[] = [];
  private readonly held = new Map<StartSlot, string>();
  /** How many ends were asked for and have not begun yet, by key. */
  private readonly withdrawals = new Map<string, number>();
  private isClosed = false;

  /** @param patienceMs after which a process that neither starts nor ends no longer keeps others waiting */
  constructor(
    private readonly limit: number,
    private readonly patienceMs: number,
  ) {}

  /** Resolves to null when it is not to be started any more. */
  async take(key: string): Promise<StartSlot | null> {
    if (this.isClosed || this.withdrawals.has(key)) return null;
    if (this.held.size < this.limit) return this.hold(key);
    return new Promise((settle) => this.waiting.push({ key, settle }));
  }

  /** The process has started, so its slot is free again. */
  opened(key: string): void {
    for (const [slot, holder] of this.held) if (holder === key) slot();
  }

  /**
   * The process is to end: a start of it that is waiting, or that comes before the end has begun, is given up.
   * @returns what to call when the end begins
   */
  withdraw(key: string): () => void {
    this.withdrawals.set(key, (this.withdrawals.get(key) ?? 0) + 1);
    this.giveUp((waiting) => waiting.key === key);
    return () => {
      const left = (this.withdrawals.get(key) ?? 0) - 1;
      if (left > 0) this.withdrawals.set(key, left);
      else this.withdrawals.delete(key);
    };
  }

  /** Nothing is started any more. */
  close(): void {
    this.isClosed = true;
    this.giveUp(() => true);
  }

  private giveUp(isMeant: (waiting: Waiting) => boolean): void {
    const before = this.waiting;
    this.waiting = before.filter((waiting) => !isMeant(waiting));
    for (const waiting of before) if (isMeant(waiting)) waiting.settle(null);
  }

  private hold(key: string): StartSlot {
    const release = (): void => {
      clearTimeout(timer);
      if (!this.held.delete(release)) return;
      const next = this.waiting.shift();
      if (next) next.settle(this.hold(next.key));
    };
    const timer = setTimeout(release, this.patienceMs);
    timer.unref();
    this.held.set(release, key);
    return release;
  }
}
