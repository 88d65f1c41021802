import { Service, signal } from '@angular/core';

export type Overlay = 'palette' | 'shortcuts';

/** Which of the shell's own dialogs is open. */
@Service()
export class Overlays {
  private readonly current = signal<Overlay | null>(null);
  readonly open = this.current.asReadonly();

  show(overlay: Overlay): void {
    this.current.set(overlay);
  }

  close(): void {
    this.current.set(null);
  }
}
