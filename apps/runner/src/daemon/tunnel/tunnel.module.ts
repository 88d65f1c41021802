import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module.js';
import { RelayModule } from '../relay/relay.module.js';
import { ServicesModule } from '../services/services.module.js';
import { PortRules } from './port-rules.js';
import { PortsGateway } from './ports.gateway.js';
import { TunnelLink } from './tunnel-link.js';
import { TunnelPorts } from './tunnel-ports.js';

/** This machine's end of the tunnel: what may be reached here, and the connection through which it is. */
@Module({
  imports: [IdentityModule, RelayModule, ServicesModule],
  providers: [PortRules, PortsGateway, TunnelLink, TunnelPorts],
})
export class TunnelModule {}
