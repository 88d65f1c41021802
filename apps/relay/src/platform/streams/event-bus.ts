import { Injectable } from '@nestjs/common';
import type { DomainEventData, DomainEventType } from '@pizzapi/protocol';
import { streamKeys } from '../redis/keys.js';
import { Redis } from '../redis/redis.js';

/** Publishes domain events. Resolves once Redis holds the event. */
@Injectable()
export class EventBus {
  constructor(private readonly redis: Redis) {}

  async publish<T extends DomainEventType>(type: T, data: DomainEventData<T>): Promise<void> {
    await this.redis.commands.xadd(streamKeys.events, '*', 'type', type, 'data', JSON.stringify(data));
  }
}
