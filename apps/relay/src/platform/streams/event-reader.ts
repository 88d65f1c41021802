import { DiscoveryService } from '@nestjs/core';
import type { DomainEvent, DomainEventType } from '@pizzapi/protocol';

/** A reader of the bus: one consumer group, shared by all replicas, so each event reaches one of them. */
export interface EventReaderOptions {
  group: string;
  events: readonly DomainEventType[];
}

/** Marks a provider that implements {@link EventReader}; found and started at boot by `StreamsModule`. */
export const ReadsEvents = DiscoveryService.createDecorator<EventReaderOptions>();

export interface EventReader {
  /**
   * Handles a batch in the order of the bus. It may see an event again after a crash, so it must not matter. When it throws, the
   * batch's events are tried one by one, and one that keeps failing is parked.
   */
  handle(events: DomainEvent[]): Promise<void>;
}
