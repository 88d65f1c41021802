import { ServiceAnnouncement } from '@pizzapi/protocol';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import type { DiscoveredService } from './discovery/discovered-service.js';
import { announcementOf } from './service-announcement.js';

function aService(id: string, triggers = 1, schema: Record<string, unknown> = {}): DiscoveredService {
  const manifest = { id, label: id, icon: 'square', entry: null, panel: null, sigils: [] };
  const defs = Array.from({ length: triggers }, (_, at) => ({
    serviceId: id,
    type: `${id}:${at}`,
    label: 'x',
    schema,
  }));
  return {
    folder: id,
    path: `/services/${id}`,
    entry: null,
    panelDir: null,
    plugin: null,
    manifest: { ...manifest, triggers: defs },
    files: '',
    note: null,
  };
}

describe('announcementOf', () => {
  it('lists every service, and offers what the usable ones declare', () => {
    const broken = {
      folder: 'x',
      plugin: null,
      id: 'x',
      label: 'x',
      icon: 'square',
      error: 'x/manifest.json: is missing',
    };
    const announcement = announcementOf([aService('a'), broken], () => undefined);
    expect(Value.Check(ServiceAnnouncement, announcement)).toBe(true);
    expect(announcement).toMatchObject({
      services: [
        { id: 'a', state: 'declared', error: null },
        { id: 'x', state: 'broken', error: 'x/manifest.json: is missing' },
      ],
      triggerDefs: [{ serviceId: 'a', type: 'a:0' }],
    });
  });

  it.each([
    ['definitions', ['a', 'b', 'c', 'd', 'e'].map((id) => aService(id, 450))],
    ['bytes', ['a', 'b', 'c', 'd', 'e'].map((id) => aService(id, 1, { text: 'x'.repeat(200 * 1024) }))],
  ])('stays within what the relay takes: %s', (_, services) => {
    const announcement = announcementOf(services, () => undefined);
    expect(Value.Check(ServiceAnnouncement, announcement)).toBe(true);
    expect(announcement.services.map(({ state }) => state)).toContain('broken');
    expect(announcement.services.find(({ state }) => state === 'broken')?.error).toContain('as much as a runner can');
  });
});
