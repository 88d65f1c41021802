/** One of the places for a starting worker; giving it back twice does nothing more. */
export type StartSlot = () => void;

interface Waiting {
  sessionId: string;
  settle: (slot: StartSlot | null) => void;
}

/**
 * Lets only so many workers start at the same moment, the others in the order they came: each loads the whole agent, and two hundred at
 * once would leave none of them the machine. A worker counts until its session is open or it is gone.
 */
export class StartSlots {
  private waiting: Waiting[] = [];
  private readonly held = new Map<StartSlot, string>();
  /** Ends that were asked for and have not begun, by session. */
  private readonly withdrawals = new Map<string, number>();
  private isClosed = false;

  /** @param patienceMs after which a worker that neither opens nor ends no longer keeps others waiting */
  constructor(
    private readonly limit: number,
    private readonly patienceMs: number,
  ) {}

  /** Resolves to null when the session is not to be started any more. */
  async take(sessionId: string): Promise<StartSlot | null> {
    if (this.isClosed || this.withdrawals.has(sessionId)) return null;
    if (this.held.size < this.limit) return this.hold(sessionId);
    return new Promise((settle) => this.waiting.push({ sessionId, settle }));
  }

  /** The session is open: its worker has started. */
  opened(sessionId: string): void {
    for (const [slot, holder] of this.held) if (holder === sessionId) slot();
  }

  /**
   * The session shall end: a start of it that waits, or comes before the end has begun, is given up.
   * @returns what to call when the end begins
   */
  withdraw(sessionId: string): () => void {
    this.withdrawals.set(sessionId, (this.withdrawals.get(sessionId) ?? 0) + 1);
    this.giveUp((waiting) => waiting.sessionId === sessionId);
    return () => {
      const left = (this.withdrawals.get(sessionId) ?? 0) - 1;
      if (left > 0) this.withdrawals.set(sessionId, left);
      else this.withdrawals.delete(sessionId);
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

  private hold(sessionId: string): StartSlot {
    const release = (): void => {
      clearTimeout(timer);
      if (!this.held.delete(release)) return;
      const next = this.waiting.shift();
      if (next) next.settle(this.hold(next.sessionId));
    };
    const timer = setTimeout(release, this.patienceMs);
    timer.unref();
    this.held.set(release, sessionId);
    return release;
  }
}
