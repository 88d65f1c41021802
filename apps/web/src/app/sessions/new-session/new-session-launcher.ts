import { Service, signal } from '@angular/core';

/** What is preselected when the dialog opens. */
export interface NewSessionPreset {
  runnerId?: string;
  cwd?: string;
}

/** Opens the dialog for a new session from anywhere. */
@Service()
export class NewSessionLauncher {
  private readonly current = signal<NewSessionPreset | null>(null);
  readonly preset = this.current.asReadonly();

  open(preset: NewSessionPreset = {}): void {
    this.current.set(preset);
  }

  close(): void {
    this.current.set(null);
  }
}
