import { type OnApplicationShutdown, Global, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';
import { PinoLogger } from 'nestjs-pino';
import { Replica } from '../observability/replica.js';
import { Redis } from '../redis/redis.js';
import { ConsumerGroup } from './consumer-group.js';
import { EventBus } from './event-bus.js';
import { type EventReader, ReadsEvents } from './event-reader.js';
import { trimEvents } from './trim-events.js';

const TRIM_EVERY_MS = 60_000;

/** Starts a consumer group for every provider marked with {@link ReadsEvents}. Refuses to boot when two of them share a group. */
@Global()
@Module({ imports: [DiscoveryModule], providers: [EventBus], exports: [EventBus] })
export class StreamsModule implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly groups: ConsumerGroup[] = [];
  private trimming: NodeJS.Timeout | null = null;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly redis: Redis,
    private readonly replica: Replica,
    private readonly logger: PinoLogger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const names = new Set<string>();
    for (const wrapper of this.discovery.getProviders({ metadataKey: ReadsEvents.KEY })) {
      const options = this.discovery.getMetadataByDecorator(ReadsEvents, wrapper);
      const instance: unknown = wrapper.instance;
      if (!options || !isReader(instance))
        throw new Error(`${String(wrapper.name)} is marked as an event reader but has no handle().`);
      if (names.has(options.group)) throw new Error(`Two readers share the consumer group "${options.group}".`);
      names.add(options.group);
      this.groups.push(
        new ConsumerGroup({
          options,
          reader: instance,
          consumer: this.replica.id,
          blocking: this.redis.connect(`events-${options.group}`),
          commands: this.redis.commands,
          logger: this.logger,
        }),
      );
    }
    await Promise.all(this.groups.map((group) => group.start()));
    this.trimming = setInterval(() => {
      trimEvents(this.redis.commands, { groups: names, logger: this.logger }).catch((error: unknown) =>
        this.logger.warn({ err: error }, 'Trimming the domain events failed'),
      );
    }, TRIM_EVERY_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.trimming) clearInterval(this.trimming);
    await Promise.all(this.groups.map((group) => group.stop()));
  }
}

function isReader(instance: unknown): instance is EventReader {
  return (
    typeof instance === 'object' && instance !== null && 'handle' in instance && typeof instance.handle === 'function'
  );
}
