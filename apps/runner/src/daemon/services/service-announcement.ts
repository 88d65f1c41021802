import type { ServiceAnnouncement, ServiceInfo } from '@pizzapi/protocol';
import { isBroken, type DiscoveredService } from './discovery/discovered-service.js';
import { ManifestError } from './discovery/manifest-error.js';
import type { ServiceProcess } from './service-process.js';

/** Of one announcement (values/service.ts). The relay takes 1 MiB as a whole; the rest is for the list of services. */
const MAX_DEFS = 2_000;
const MAX_BYTES = 640 * 1024;

/** Everything that the services offer. A service for which there is no room left is broken, with that reason. */
export function announcementOf(
  services: readonly DiscoveredService[],
  processes: ReadonlyMap<string, ServiceProcess>,
): ServiceAnnouncement {
  const announcement: ServiceAnnouncement = { services: [], panels: [], triggerDefs: [], sigilDefs: [] };
  let bytes = 0;
  for (const service of services) {
    if (isBroken(service)) {
      announcement.services.push(brokenInfo(service, service));
      continue;
    }
    const { id, label, icon, triggers, sigils } = service.manifest;
    const size = Buffer.byteLength(JSON.stringify([triggers, sigils]));
    const isTooMuch =
      bytes + size > MAX_BYTES ||
      announcement.triggerDefs.length + triggers.length > MAX_DEFS ||
      announcement.sigilDefs.length + sigils.length > MAX_DEFS;
    if (isTooMuch) {
      const error = new ManifestError(
        service.folder,
        '',
        'the services before it declare as much as a runner can announce',
      );
      announcement.services.push(brokenInfo({ id, label, icon, error: error.message }, service));
      continue;
    }
    bytes += size;
    announcement.services.push({
      id,
      label,
      icon,
      state: processes.get(id)?.state ?? 'declared',
      error: service.note,
      hasPanel: service.panelDir !== null,
      ...pluginOf(service),
    });
    announcement.triggerDefs.push(...triggers);
    announcement.sigilDefs.push(...sigils);
  }
  return announcement;
}

function brokenInfo(
  { id, label, icon, error }: Pick<ServiceInfo, 'id' | 'label' | 'icon' | 'error'>,
  service: DiscoveredService,
): ServiceInfo {
  return { id, label, icon, state: 'broken', error, ...pluginOf(service) };
}

function pluginOf({ plugin }: DiscoveredService): { plugin?: string } {
  return plugin === null ? {} : { plugin };
}
