/** How long something may take, without the time that it is paused. */
export class TimeLimit {
  readonly #onExpired: () => void;
  #leftMs: number;
  #pauses = 0;
  #isOver = false;
  #startedMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number, onExpired: () => void) {
    this.#leftMs = limitMs;
    this.#onExpired = onExpired;
    this.#run();
  }

  /** Stands still until the promise settles. */
  async pauseFor<T>(promise: Promise<T>): Promise<T> {
    if (this.#pauses === 0) this.#pause();
    this.#pauses += 1;
    try {
      return await promise;
    } finally {
      this.#pauses -= 1;
      if (this.#pauses === 0) this.#run();
    }
  }

  /** For good. */
  stop(): void {
    this.#isOver = true;
    this.#pause();
  }

  #pause(): void {
    clearTimeout(this.#timer);
    this.#leftMs -= performance.now() - this.#startedMs;
  }

  #run(): void {
    if (this.#isOver) return;
    this.#startedMs = performance.now();
    this.#timer = setTimeout(this.#onExpired, Math.max(0, this.#leftMs));
  }
}
