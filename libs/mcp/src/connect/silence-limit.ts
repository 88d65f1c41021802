/** Ends a call whose server gives no sign of life. While the server waits for a person, it does not run. */
export class SilenceLimit {
  readonly #late = new AbortController();
  readonly #timeoutMs: number;
  #timer: NodeJS.Timeout | null = null;
  #holds = 0;
  #isOver = false;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.beat();
  }

  /** Aborted, with an error that says so, when it has run down. */
  get signal(): AbortSignal {
    return this.#late.signal;
  }

  /** A sign of life. */
  beat(): void {
    this.#stop();
    if (this.#holds > 0 || this.#isOver) return;
    const late = new Error(`It gave no sign of life for ${this.#timeoutMs / 1_000} s.`);
    this.#timer = setTimeout(() => this.#late.abort(late), this.#timeoutMs);
  }

  hold(): void {
    this.#holds += 1;
    this.#stop();
  }

  release(): void {
    this.#holds -= 1;
    this.beat();
  }

  /** The call is over. */
  end(): void {
    this.#isOver = true;
    this.#stop();
  }

  #stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
