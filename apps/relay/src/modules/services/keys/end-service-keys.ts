import { Injectable } from '@nestjs/common';
import type { DomainEvent } from '@pizzapi/protocol';
import { Database } from '../../../platform/database/database.js';
import { type EventReader, ReadsEvents } from '../../../platform/streams/event-reader.js';
import { ApiKeyRepository } from '../../auth/index.js';
import { RunnerOffers } from '../../runners/index.js';

/** A service that its runner has no more, because its folder was removed, has no key any more. One that is merely disabled or broken has. */
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
    // Read after the keys: a daemon asks for one only once its announcement of the service is stored.
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
