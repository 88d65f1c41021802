import { Injectable } from '@nestjs/common';
import type { ServiceAnnouncement, ServiceInfo } from '@pizzapi/protocol';
import { Presence } from '../../../platform/sockets/presence.js';
import type { RunnerEntity } from '../runner.entity.js';
import { RunnerRepository } from '../runner.repository.js';

/** What a runner's services offer now. While it is offline nothing of it runs, but what its services declare still counts. */
export function offerOf({ announcement, lastSeenAt }: RunnerEntity, isOnline: boolean): ServiceAnnouncement {
  if (!announcement) return { services: [], panels: [], triggerDefs: [], sigilDefs: [] };
  return isOnline
    ? announcement
    : { ...announcement, panels: [], services: announcement.services.map((service) => stopped(service, lastSeenAt)) };
}

/** Looks up offers by the runner's id. */
@Injectable()
export class RunnerOffers {
  constructor(
    private readonly runners: RunnerRepository,
    private readonly presence: Presence,
  ) {}

  /** Null when the runner was removed. */
  async of(runnerId: string): Promise<ServiceAnnouncement | null> {
    const [runner, holder] = await Promise.all([
      this.runners.find(runnerId),
      this.presence.holderOf('runners', runnerId),
    ]);
    return runner && offerOf(runner, holder !== null);
  }
}

function stopped(service: ServiceInfo, since: Date | null): ServiceInfo {
  return { ...service, state: 'stopped', ...(since && { since: since.toISOString() }) };
}
