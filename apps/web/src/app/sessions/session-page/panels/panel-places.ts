import type { PanelDef, ServiceInfo } from '@pizzapi/protocol';

/** A panel with a place in the toolbar. */
export interface PanelPlace extends Pick<PanelDef, 'serviceId' | 'label' | 'icon'> {
  /** False while its service is not up: then the problem and a restart button take the place of its page. */
  readonly isThere: boolean;
}

/** What a runner's services say of their panels. */
export interface PanelOffer {
  readonly runnerId: string;
  readonly services: readonly ServiceInfo[];
  readonly panels: readonly PanelDef[];
}

/**
 * The panels in the order of their services. One whose service crashes or restarts keeps its place, or every button after it would move
 * twice; one that a person disables or removes gives it up.
 */
export function panelPlaces(
  { services, panels, runnerId }: PanelOffer,
  before: PlacesBefore | undefined,
): PanelPlace[] {
  const announced = new Map(panels.map((panel) => [panel.serviceId, panel]));
  const had = new Set(before?.runnerId === runnerId ? before.places.map(({ serviceId }) => serviceId) : []);
  const known = services.flatMap((service): PanelPlace[] => {
    const { id: serviceId, label, icon, state } = service;
    const panel = announced.get(serviceId);
    announced.delete(serviceId);
    if (panel) return [{ serviceId, label: panel.label, icon: panel.icon, isThere: true }];
    const comesBack = had.has(serviceId) ? state !== 'disabled' : state === 'restarting' && service.hasPanel === true;
    return comesBack ? [{ serviceId, label, icon, isThere: false }] : [];
  });
  return [...known, ...[...announced.values()].map((panel) => ({ ...panel, isThere: true }))];
}

/** Those that were shown last, and of which runner. */
export interface PlacesBefore {
  readonly runnerId: string;
  readonly places: readonly PanelPlace[];
}
