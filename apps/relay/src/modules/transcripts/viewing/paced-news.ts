const EVERY_MS = 250;

/** Says that something changed: at once after a quiet time, else at most so often, and always once after the last change. */
export class PacedNews {
  private timer: NodeJS.Timeout | null = null;
  private isDue = false;

  constructor(private readonly tell: () => void) {}

  changed(): void {
    if (this.timer) {
      this.isDue = true;
      return;
    }
    this.tell();
    this.timer = setTimeout(() => {
      this.timer = null;
      if (!this.isDue) return;
      this.isDue = false;
      this.changed();
    }, EVERY_MS);
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
  }
}
