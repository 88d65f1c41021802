import { DestroyRef, Injector, Service, afterNextRender, computed, inject, signal } from '@angular/core';

const STORAGE_KEY = 'pizzapi.inspector';
const TAB_KEY = 'pizzapi.inspector-tab';
/** From this width on list, session and inspector are side by side; below it the inspector covers the session. */
const WIDE = '(min-width: 1200px)';
/** A phone: one thing at a time. */
const NARROW = '(max-width: 759px)';

export const INSPECTOR_TABS = [
  { id: 'triggers', label: 'Triggers' },
  { id: 'approvals', label: 'Approvals' },
  { id: 'children', label: 'Children' },
  { id: 'branches', label: 'Branches' },
  { id: 'panels', label: 'Panels' },
  { id: 'tunnels', label: 'Tunnels' },
  { id: 'details', label: 'Details' },
] as const;
export type InspectorTab = (typeof INSPECTOR_TABS)[number]['id'];

/** Whether the inspector is shown: beside the session it stays as the person left it, as a drawer it opens on demand. And which tab. */
@Service()
export class InspectorDock {
  private readonly media = matchMedia(WIDE);
  private readonly narrowMedia = matchMedia(NARROW);
  private readonly wide = signal(this.media.matches);
  private readonly narrow = signal(this.narrowMedia.matches);
  private readonly docked = signal(localStorage.getItem(STORAGE_KEY) !== 'closed');
  private readonly drawn = signal(false);
  private readonly injector = inject(Injector);
  /** What had the focus when the drawer was opened. */
  private before: Element | null = null;

  private readonly chosen = signal<InspectorTab>(readTab());

  readonly tab = this.chosen.asReadonly();
  readonly isNarrow = this.narrow.asReadonly();
  readonly isDrawer = computed(() => !this.wide());
  readonly isOpen = computed(() => (this.wide() ? this.docked() : this.drawn()));
  /** The rest of the page is inert. */
  readonly isCovering = computed(() => this.isDrawer() && this.isOpen());

  constructor() {
    const resized = (): void => {
      this.wide.set(this.media.matches);
      this.drawn.set(false);
    };
    const narrowed = (): void => this.narrow.set(this.narrowMedia.matches);
    this.media.addEventListener('change', resized);
    this.narrowMedia.addEventListener('change', narrowed);
    inject(DestroyRef).onDestroy(() => {
      this.media.removeEventListener('change', resized);
      this.narrowMedia.removeEventListener('change', narrowed);
    });
  }

  toggle(): void {
    this.set(!this.isOpen());
  }

  choose(tab: InspectorTab): void {
    this.chosen.set(tab);
    localStorage.setItem(TAB_KEY, tab);
  }

  /** From a shortcut or the palette: opens at the tab, or closes if that is shown already. */
  toggleTab(tab: InspectorTab): void {
    if (this.isOpen() && this.tab() === tab) return this.close();
    this.show(tab);
  }

  show(tab: InspectorTab): void {
    this.choose(tab);
    this.set(true);
  }

  close(): void {
    this.set(false);
  }

  /** Called on the way to another session or page, which an open drawer would cover. */
  leave(): void {
    this.before = null;
    this.drawn.set(false);
  }

  private set(isOpen: boolean): void {
    if (this.wide()) {
      this.docked.set(isOpen);
      localStorage.setItem(STORAGE_KEY, isOpen ? 'open' : 'closed');
      return;
    }
    if (isOpen && !this.drawn()) this.before = document.activeElement;
    this.drawn.set(isOpen);
    if (!isOpen) this.giveBackFocus();
  }

  private giveBackFocus(): void {
    const { before } = this;
    this.before = null;
    // Once it is no longer inert, and unless something else has taken the focus.
    const focus = (): void => {
      const { activeElement: now, body } = document;
      const isLost = now === null || now === body || now.getClientRects().length === 0;
      if (isLost && before instanceof HTMLElement) before.focus();
    };
    afterNextRender({ write: focus }, { injector: this.injector });
  }
}

function readTab(): InspectorTab {
  const stored = localStorage.getItem(TAB_KEY);
  return INSPECTOR_TABS.find(({ id }) => id === stored)?.id ?? 'triggers';
}
