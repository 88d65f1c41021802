import { Module } from '@nestjs/common';
import { RelayModule } from '../relay/relay.module.js';
import { DisabledServices } from './commands/disabled-services.js';
import { ServicesGateway } from './commands/services.gateway.js';
import { ServiceKeys } from './keys/service-keys.js';
import { ServiceLogs } from './logs/service-logs.js';
import { ServiceLauncher } from './processes/service-launcher.js';
import { ServiceAnnouncer } from './service-announcer.js';
import { ServiceFleet } from './service-fleet.js';
import { ServicesRegistry } from './services.registry.js';
import { WantedTriggers } from './wanted-triggers.js';

@Module({
  imports: [RelayModule],
  providers: [
    ServicesRegistry,
    ServiceFleet,
    ServiceLauncher,
    ServiceLogs,
    ServiceKeys,
    DisabledServices,
    ServiceAnnouncer,
    ServicesGateway,
    WantedTriggers,
  ],
  exports: [ServicesRegistry],
})
export class ServicesModule {}
