import type { ServiceAnnouncement, ServiceInfo } from '@pizzapi/protocol';
import { isBroken, type DeclaredService, type DiscoveredService } from './discovery/discovered-service.js';
import { ManifestError } from './discovery/manifest-error.js';
import type { ServiceStatus } from './processes/supervised-service.js';

/** Of one announcement (values/service.ts). The relay takes 1 MiB as a whole; the rest is for the list of services. */
const MAX_DEFS = 2_000;
const MAX_BYTES = 640 * 1024;

/** Everything that the services offer. A service for which there is no room left is broken, with that reason. */
export function announcementOf(
  services: readonly DiscoveredService[],
  statusOf: (serviceId: string) => ServiceStatus | undefined,
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
    const status = statusOf(id);
    announcement.services.push(infoOf(service, status));
    if (status?.panelPort != null) announcement.panels.push({ serviceId: id, label, icon, port: status.panelPort });
    announcement.triggerDefs.push(...triggers);
    announcement.sigilDefs.push(...sigils);
  }
  return announcement;
}

function infoOf(service: DeclaredService, status: ServiceStatus | undefined): ServiceInfo {
  const { id, label, icon } = service.manifest;
  const errors = [status?.error ?? null, service.note].filter((error) => error !== null);
  return {
    id,
    label,
    icon,
    state: status?.state ?? 'declared',
    error: errors.length === 0 ? null : errors.join('; '),
    hasPanel: service.panelDir !== null,
    ...pluginOf(service),
    ...(status && { since: status.since.toISOString(), restarts: status.restarts }),
  };
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
