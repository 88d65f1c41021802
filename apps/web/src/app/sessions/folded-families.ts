import { Service, signal } from '@angular/core';

const STORAGE_KEY = 'pizzapi.folded';
const MAX_FOLDED = 500;

/** Parents whose children this browser does not show in the list. */
@Service()
export class FoldedFamilies {
  private readonly folded = signal<ReadonlySet<string>>(read());
  readonly ids = this.folded.asReadonly();

  /** @param isOpen by default the opposite of what it is */
  toggle(sessionId: string, isOpen = this.folded().has(sessionId)): void {
    this.folded.update((ids) => {
      const others = [...ids].filter((id) => id !== sessionId);
      return new Set(isOpen ? others : [...others, sessionId].slice(-MAX_FOLDED));
    });
    localStorage.setItem(STORAGE_KEY, JSON.stringify([...this.folded()]));
  }
}

function read(): ReadonlySet<string> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]');
    return new Set(Array.isArray(stored) ? stored.filter((id) => typeof id === 'string') : []);
  } catch {
    // Damaged or written by something else: nothing is folded then.
    return new Set();
  }
}
