import { Injectable } from '@nestjs/common';
import type { DomainEvent } from '@pizzapi/protocol';
import { Database } from '../../../platform/database/database.js';
import { type EventReader, ReadsEvents } from '../../../platform/streams/event-reader.js';
import { ApiKeyRepository } from '../../auth/index.js';
import { RunnerOffers } from '../../runners/index.js';

/** Revokes the keys of services that their runner no longer has, because their folder was removed. Disabled and broken services keep theirs. */
@ReadsEvents({ group: 'service-keys', events: ['runner.services-changed'] })
@Injectable()
export class EndServiceKeys implements EventReader {
  constructor(
    private readonly offers: RunnerOffers,
    private readonly keys: ApiKeyRepository,
    private readonly database: Database,
  ) {}

  async handle(events: DomainEvent[]): Promise<void> {
    const runnerIds = new Set<string>();
    for (const event of events) if (event.type === 'runner.services-changed') runnerIds.add(event.data.runnerId);
    for (const runnerId of runnerIds) await this.endThoseGone(runnerId);
  }

  private async endThoseGone(runnerId: string): Promise<void> {
    const withKeys = await this.keys.servicesWithKeys(runnerId);
    // Read after the keys: a daemon requests a key only after its announcement of the service was stored.
    const known = withKeys.length === 0 ? null : await this.offers.of(runnerId);
    if (!known) return;
    const here = new Set([
      ...known.services.map(({ id }) => id),
      ...known.triggerDefs.map(({ serviceId }) => serviceId),
    ]);
    for (const serviceId of withKeys)
      if (!here.has(serviceId))
        await this.database.write((manager) => this.keys.endServiceKeys(manager, runnerId, serviceId));
  }
}
