import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module.js';
import { RelayModule } from '../relay/relay.module.js';
import { WorkerStateModule } from '../worker-state/worker-state.module.js';
import { ControlServer } from './control-server.js';
import { WorkerTokens } from './worker-tokens.js';

@Module({
  imports: [IdentityModule, RelayModule, WorkerStateModule],
  providers: [ControlServer, WorkerTokens],
  exports: [ControlServer],
})
export class ControlModule {}
