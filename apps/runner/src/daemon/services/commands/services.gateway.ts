import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CommandService, ReadServiceLog } from '@pizzapi/protocol';
import type { Logger } from '../../../logging/logger.js';
import { answering } from '../../../relay-link/answering.js';
import { RelayConnection } from '../../relay/relay-connection.js';
import { InjectLogger } from '../../settings/settings.module.js';
import { ServicesRegistry } from '../services.registry.js';

/** What people ask of a service through the relay. */
@Injectable()
export class ServicesGateway implements OnModuleInit {
  constructor(
    @InjectLogger() private readonly logger: Logger,
    private readonly relay: RelayConnection,
    private readonly services: ServicesRegistry,
  ) {}

  onModuleInit(): void {
    const command = answering('runner:command-service', CommandService, this.logger, async (message) => {
      this.services.command(message.serviceId, message.command);
      return {};
    });
    const read = answering('runner:read-service-log', ReadServiceLog, this.logger, async (message) =>
      this.services.readLog(message),
    );
    this.relay.socket?.on('runner:command-service', command);
    this.relay.socket?.on('runner:read-service-log', read);
  }
}
