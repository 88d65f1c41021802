import { Injectable, computed, inject, linkedSignal, signal } from '@angular/core';
import { InspectorDock } from '../inspector/inspector-dock';
import { SessionServices } from '../services/session-services';
import { type OpenPanel, readPanels, writePanels } from './panel-storage';

/** As high as the specification says a panel is. */
export const PANEL_HEIGHT = 280;
export const MIN_PANEL_HEIGHT = 140;
export const MAX_PANEL_HEIGHT = 1_600;

/** Which panels a person has open beside the open session, and how large. Remembered by this browser. */
@Injectable()
export class OpenPanels {
  private readonly dock = inject(InspectorDock);
  private readonly sessionId = inject(SessionServices).sessionId;
  private readonly places = linkedSignal<readonly OpenPanel[]>(() =>
    this.sessionId() === '' ? [] : readPanels(this.sessionId()),
  );
  private readonly enlarged = signal<string | null>(null);
  private readonly covering = signal<string | null>(null);

  readonly open = this.places.asReadonly();
  /** The panel that fills the inspector. */
  readonly full = computed(
    () => this.places().find(({ serviceId }) => serviceId === this.enlarged())?.serviceId ?? null,
  );
  /** Whether the inspector is rendered. When closed it is removed, unless panels are open in it: they keep running, hidden. */
  readonly haveInspector = linkedSignal<{ isOpen: boolean; hasPages: boolean }, boolean>({
    source: () => ({ isOpen: this.dock.isOpen(), hasPages: this.places().length > 0 }),
    computation: ({ isOpen, hasPages }, previous) => isOpen || (hasPages && previous?.value === true),
  });
  /** On a phone: covers everything else. */
  readonly sheet = computed(() => (this.dock.isNarrow() ? this.covering() : null));

  /** Whether it is in sight, so that asking for it again closes it. */
  isShown(serviceId: string): boolean {
    if (this.dock.isNarrow()) return this.sheet() === serviceId;
    return this.isOpen(serviceId) && this.dock.isOpen() && this.dock.tab() === 'panels' && this.isNotBehind(serviceId);
  }

  isOpen(serviceId: string): boolean {
    return this.places().some((place) => place.serviceId === serviceId);
  }

  toggle(serviceId: string): void {
    if (this.isShown(serviceId)) this.close(serviceId);
    else this.show(serviceId);
  }

  show(serviceId: string): void {
    if (this.dock.isNarrow()) {
      this.covering.set(serviceId);
      return;
    }
    if (!this.isOpen(serviceId)) this.change([...this.places(), { serviceId, height: PANEL_HEIGHT }]);
    if (!this.isNotBehind(serviceId)) this.enlarged.set(null);
    this.dock.show('panels');
  }

  close(serviceId: string): void {
    if (this.covering() === serviceId) this.covering.set(null);
    if (this.isOpen(serviceId)) this.change(this.places().filter((place) => place.serviceId !== serviceId));
  }

  resize(serviceId: string, height: number): void {
    const bounded = Math.round(Math.min(Math.max(height, MIN_PANEL_HEIGHT), MAX_PANEL_HEIGHT));
    this.change(this.places().map((place) => (place.serviceId === serviceId ? { ...place, height: bounded } : place)));
  }

  /** Toggles between its own height and all of the inspector's. */
  toggleFull(serviceId: string): void {
    this.enlarged.update((full) => (full === serviceId ? null : serviceId));
  }

  private isNotBehind(serviceId: string): boolean {
    return this.full() === null || this.full() === serviceId;
  }

  private change(panels: readonly OpenPanel[]): void {
    this.places.set(panels);
    writePanels(this.sessionId(), panels);
  }
}
