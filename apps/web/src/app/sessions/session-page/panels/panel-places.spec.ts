import type { PanelDef, ServiceInfo } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { aPanel, aService } from '../../../../testing/panel-fixtures';
import { panelPlaces, type PanelPlace, type PlacesBefore } from './panel-places';

const IDS = ['a', 'b', 'c', 'd'];

function offer(changes: Record<string, Partial<ServiceInfo>> = {}, runnerId = 'r1') {
  const services = IDS.map((id) => aService({ id, label: id.toUpperCase(), ...changes[id] }));
  const panels: PanelDef[] = services
    .filter(({ state }) => state === 'running')
    .map(({ id, label }) => aPanel({ serviceId: id, label }));
  return { runnerId, services, panels };
}
const before = (places: readonly PanelPlace[], runnerId = 'r1'): PlacesBefore => ({ runnerId, places });
const idsOf = (places: readonly PanelPlace[]): string =>
  places.map(({ serviceId, isThere }) => (isThere ? serviceId : `(${serviceId})`)).join(' ');

describe('places of panels in the toolbar', () => {
  const all = panelPlaces(offer(), undefined);

  it('are in the order of the services', () => {
    expect(idsOf(all)).toBe('a b c d');
    const { services, panels, runnerId } = offer();
    expect(idsOf(panelPlaces({ runnerId, services, panels: panels.toReversed() }, undefined))).toBe('a b c d');
  });

  it('are kept while a service crashes, starts again and has not announced its panel yet', () => {
    let places = all;
    for (const state of ['restarting', 'starting', 'broken'] as const) {
      places = panelPlaces(offer({ b: { state } }), before(places));
      expect(idsOf(places), state).toBe('a (b) c d');
    }
    const { services, panels, runnerId } = offer();
    places = panelPlaces(
      { runnerId, services, panels: panels.filter(({ serviceId }) => serviceId !== 'b') },
      before(places),
    );
    expect(idsOf(places)).toBe('a (b) c d');
    expect(idsOf(panelPlaces(offer(), before(places)))).toBe('a b c d');
  });

  it('are known of a service that crashed before anybody looked', () => {
    expect(idsOf(panelPlaces(offer({ b: { state: 'restarting' } }), undefined))).toBe('a (b) c d');
    expect(idsOf(panelPlaces(offer({ b: { state: 'restarting', hasPanel: false } }), undefined))).toBe('a c d');
    // The first time, its button comes with its panel.
    expect(idsOf(panelPlaces(offer({ b: { state: 'starting' } }), undefined))).toBe('a c d');
  });

  it('are given up by what a person disables or removes, and at another runner', () => {
    expect(idsOf(panelPlaces(offer({ b: { state: 'disabled' } }), before(all)))).toBe('a c d');
    const { services, panels, runnerId } = offer({ b: { state: 'starting' } });
    expect(idsOf(panelPlaces({ runnerId, services: services.slice(2), panels }, before(all)))).toBe('c d a');
    expect(idsOf(panelPlaces(offer({ b: { state: 'starting' } }, 'r2'), before(all)))).toBe('a c d');
  });
});
