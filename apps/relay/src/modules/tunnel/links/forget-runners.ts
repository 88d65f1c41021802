import { Injectable } from '@nestjs/common';
import type { DomainEvent } from '@pizzapi/protocol';
import { type EventReader, ReadsEvents } from '../../../platform/streams/event-reader.js';
import { TunnelNews } from '../tunnel-news.js';

/** Closes the connection of a removed runner, on any replica. */
@ReadsEvents({ group: 'tunnels-runners', events: ['runner.deleted'] })
@Injectable()
export class ForgetRunners implements EventReader {
  constructor(private readonly news: TunnelNews) {}

  async handle(events: DomainEvent[]): Promise<void> {
    for (const event of events) {
      if (event.type === 'runner.deleted')
        await this.news.tell({ news: 'runner-removed', runnerId: event.data.runnerId });
    }
  }
}
