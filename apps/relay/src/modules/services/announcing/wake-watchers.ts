import { Injectable } from '@nestjs/common';
import type { DomainEvent } from '@pizzapi/protocol';
import { runnerKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { type EventReader, ReadsEvents } from '../../../platform/streams/event-reader.js';

/** One replica reads the event that a runner's services changed, and wakes all replicas that watch them. */
@ReadsEvents({ group: 'service-news', events: ['runner.services-changed'] })
@Injectable()
export class WakeWatchers implements EventReader {
  constructor(private readonly redis: Redis) {}

  async handle(events: DomainEvent[]): Promise<void> {
    const runnerIds = new Set<string>();
    for (const event of events) if (event.type === 'runner.services-changed') runnerIds.add(event.data.runnerId);
    for (const runnerId of runnerIds) await this.redis.commands.spublish(runnerKeys.services(runnerId), '');
  }
}
