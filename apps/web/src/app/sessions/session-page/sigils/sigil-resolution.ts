import type { SigilAnswer } from '../../../core/api/sigil-shapes';

export type SigilState =
  | { readonly kind: 'unasked' | 'asking' }
  | { readonly kind: 'known'; readonly answer: SigilAnswer }
  | { readonly kind: 'failed'; readonly reason: string };

/** As long as the relay remembers an answer. */
const FRESH_MS = 60_000;
/** A failed lookup is not repeated sooner than this, unless something changed at the runner. */
const RETRY_MS = 15_000;

/** What is known of one thing that sigils name, for all chips that name it. Asked for while one of them is in sight. */
export class SigilResolution {
  private current: SigilState = { kind: 'unasked' };
  private settledAt = -Infinity;
  private isAsking = false;
  private readonly listeners = new Set<() => void>();
  private inSight = 0;

  constructor(
    private readonly ask: () => Promise<SigilAnswer>,
    private readonly reasonOf: (error: unknown) => string,
  ) {}

  get state(): SigilState {
    return this.current;
  }

  get isIdle(): boolean {
    return this.listeners.size === 0;
  }

  /** Tells of every change; the answer ends that. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** A chip came into sight; the answer is for when it leaves. */
  show(): () => void {
    this.inSight += 1;
    this.askIfOld();
    return () => {
      this.inSight -= 1;
    };
  }

  /** A failed lookup may succeed now. */
  retry(): void {
    if (this.current.kind !== 'failed') return;
    this.settledAt = -Infinity;
    if (this.inSight > 0) this.askIfOld();
  }

  private askIfOld(): void {
    const age = performance.now() - this.settledAt;
    if (!this.isAsking && age > (this.current.kind === 'failed' ? RETRY_MS : FRESH_MS)) void this.askNow();
  }

  private async askNow(): Promise<void> {
    this.isAsking = true;
    // The known answer stays while a new one is fetched.
    if (this.current.kind !== 'known') this.become({ kind: 'asking' });
    try {
      this.become({ kind: 'known', answer: await this.ask() });
    } catch (error) {
      if (this.current.kind !== 'known') this.become({ kind: 'failed', reason: this.reasonOf(error) });
    } finally {
      this.isAsking = false;
      this.settledAt = performance.now();
    }
  }

  private become(state: SigilState): void {
    this.current = state;
    for (const listener of this.listeners) listener();
  }
}
