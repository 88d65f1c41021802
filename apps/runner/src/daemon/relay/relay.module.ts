import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module.js';
import { RelayApi } from './relay-api.js';
import { RelayConnection } from './relay-connection.js';
import { RunnerKey } from './runner-key.js';

@Module({
  imports: [IdentityModule],
  providers: [RelayApi, RelayConnection, RunnerKey],
  exports: [RelayApi, RelayConnection, RunnerKey],
})
export class RelayModule {}
