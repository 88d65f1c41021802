/**
 * Ends exchanges from outside, as when what lets them in is revoked. It is what an `AbortController` is, for whom it costs too much: to make one and to
 * listen to it takes longer than to parse a small request.
 */
export class Revocation {
  private listeners: (() => void)[] = [];
  private isDone = false;

  get isRevoked(): boolean {
    return this.isDone;
  }

  /** Ends whatever listens, now. Once is for ever. */
  revoke(): void {
    this.isDone = true;
    const { listeners } = this;
    this.listeners = [];
    for (const listener of listeners) listener();
  }

  /** Whoever listens looks at `isRevoked` too: nobody hears of what was before. */
  listen(listener: () => void): void {
    this.listeners.push(listener);
  }

  forget(listener: () => void): void {
    const at = this.listeners.indexOf(listener);
    if (at >= 0) this.listeners.splice(at, 1);
  }
}
