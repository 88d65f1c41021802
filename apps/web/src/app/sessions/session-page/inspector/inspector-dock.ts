import { DestroyRef, Service, computed, inject, signal } from '@angular/core';

const STORAGE_KEY = 'pizzapi.inspector';
/** From here on list, session and inspector stand side by side; below it the inspector lies over the session. */
const WIDE = '(min-width: 1200px)';

/** Whether the inspector is shown: beside the session it stays as the person left it, as a drawer it opens on demand. */
@Service()
export class InspectorDock {
  private readonly media = matchMedia(WIDE);
  private readonly wide = signal(this.media.matches);
  private readonly docked = signal(localStorage.getItem(STORAGE_KEY) !== 'closed');
  private readonly drawn = signal(false);

  readonly isDrawer = computed(() => !this.wide());
  readonly isOpen = computed(() => (this.wide() ? this.docked() : this.drawn()));

  constructor() {
    const resized = (): void => {
      this.wide.set(this.media.matches);
      this.drawn.set(false);
    };
    this.media.addEventListener('change', resized);
    inject(DestroyRef).onDestroy(() => this.media.removeEventListener('change', resized));
  }

  toggle(): void {
    this.set(!this.isOpen());
  }

  close(): void {
    this.set(false);
  }

  private set(isOpen: boolean): void {
    if (this.wide()) {
      this.docked.set(isOpen);
      localStorage.setItem(STORAGE_KEY, isOpen ? 'open' : 'closed');
    } else {
      this.drawn.set(isOpen);
    }
  }
}
