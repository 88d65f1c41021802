/**
 * Ends exchanges from outside, as when the credential that let them in is revoked. It stands in for an `AbortController`, because making one and
 * listening to it costs more than parsing a small request.
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
