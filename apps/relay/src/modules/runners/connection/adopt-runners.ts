import { Injectable } from '@nestjs/common';
import type { DomainEvent } from '@pizzapi/protocol';
import { runnerKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import { type EventReader, ReadsEvents } from '../../../platform/streams/event-reader.js';
import { PanelKeepers } from '../offers/panel-keepers.js';
import { RunnerRepository } from '../runner.repository.js';

/** The runner that comes with the relay may enrol before there is any account. The first account gets it. */
@ReadsEvents({ group: 'adopt-runners', events: ['account.created'] })
@Injectable()
export class AdoptRunners implements EventReader {
  constructor(
    private readonly runners: RunnerRepository,
    private readonly panels: PanelKeepers,
    private readonly bus: EventBus,
    private readonly redis: Redis,
  ) {}

  async handle(events: DomainEvent[]): Promise<void> {
    for (const event of events) {
      if (event.type !== 'account.created' || !event.data.isFirst) continue;
      const { userId, organisationId } = event.data;
      const adopted = await this.runners.adopt({ ownerId: userId, organisationId });
      for (const runner of await this.runners.findMany(adopted)) await this.panels.tell(runner);
      for (const runnerId of adopted) {
        await this.redis.commands.spublish(runnerKeys.adopted(runnerId), '');
        await this.bus.publish('runner.changed', { runnerId });
      }
    }
  }
}
