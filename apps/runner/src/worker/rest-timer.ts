/** Tells when nothing has happened for so long. It begins anew with whatever happens. */
export class RestTimer {
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  /** @param afterMs Null: never. */
  constructor(
    private readonly afterMs: number | null,
    private readonly onDue: () => void,
  ) {}

  begin(): void {
    if (this.afterMs === null || this.isStopped) return;
    // Events come by the hundreds each second: cheaper than a new timer for each.
    if (this.timer) this.timer.refresh();
    else this.timer = setTimeout(this.onDue, this.afterMs);
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }
}
