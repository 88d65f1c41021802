import { Module } from '@nestjs/common';
import { RelayModule } from '../relay/relay.module.js';
import { ServiceAnnouncer } from './service-announcer.js';
import { ServicesRegistry } from './services.registry.js';
import { WantedTriggers } from './wanted-triggers.js';

@Module({
  imports: [RelayModule],
  providers: [ServicesRegistry, ServiceAnnouncer, WantedTriggers],
  exports: [ServicesRegistry],
})
export class ServicesModule {}
