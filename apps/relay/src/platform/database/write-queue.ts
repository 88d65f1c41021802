/** Runs asynchronous work one after the other, in the order of the calls. A failure does not hold up the next. */
export class WriteQueue {
  private tail: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.tail.then(work);
    // The caller gets the failure; the queue only waits for the end.
    this.tail = result.catch(() => undefined);
    return result;
  }

  /** Resolves when everything queued so far is done. */
  async idle(): Promise<void> {
    await this.tail;
  }
}
