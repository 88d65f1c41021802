import { DiscoveryService } from '@nestjs/core';
import type { DomainEvent, DomainEventType } from '@pizzapi/protocol';

/** A reader of domain events. Its consumer group is shared by all replicas, so each event is handled by one of them. */
export interface EventReaderOptions {
  group: string;
  events: readonly DomainEventType[];
}

/** Marks a provider that implements {@link EventReader}; found and started at boot by `StreamsModule`. */
export const ReadsEvents = DiscoveryService.createDecorator<EventReaderOptions>();

export interface EventReader {
  /**
   * Handles a batch, in the order in which the events were published. Must be idempotent: after a crash or a failure the same event comes again,
   * perhaps after later ones. When it throws, the batch's events are tried one by one; one that fails is tried again every few seconds, and
   * parked after a day.
   */
  handle(events: DomainEvent[]): Promise<void>;
}
