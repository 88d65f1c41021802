const EVERY_MS = 250;

/** Throttles notifications of changes: immediate after a quiet interval, otherwise at most one per interval, and always one after the last change. */
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
