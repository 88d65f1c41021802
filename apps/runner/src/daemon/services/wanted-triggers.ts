import { Injectable, type OnModuleInit } from '@nestjs/common';
import { WantedTriggers as Wanted } from '@pizzapi/protocol';
import type { Logger } from '../../logging/logger.js';
import { parsed } from '../../relay-link/incoming.js';
import { RelayConnection } from '../relay/relay-connection.js';
import { InjectLogger } from '../settings/settings.module.js';

/** Who wants what of this runner's services, as the relay last said: that is how params reach a service. */
@Injectable()
export class WantedTriggers implements OnModuleInit {
  private last: Wanted['subscriptions'] = [];
  private readonly listeners: (() => void)[] = [];

  constructor(
    @InjectLogger() private readonly logger: Logger,
    private readonly relay: RelayConnection,
  ) {}

  onModuleInit(): void {
    const keep = parsed('runner:wanted-triggers', Wanted, this.logger, ({ subscriptions }) => {
      this.last = subscriptions;
      for (const listener of this.listeners) listener();
    });
    this.relay.socket?.on('runner:wanted-triggers', keep);
  }

  /** Told with every message of the relay, also where it repeats itself. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** The subscriptions and listeners to one service's triggers. */
  of(serviceId: string): Wanted['subscriptions'] {
    return this.last.filter(({ type }) => type.startsWith(`${serviceId}:`));
  }
}
