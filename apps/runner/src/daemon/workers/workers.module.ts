import { Module } from '@nestjs/common';
import type { RunnerConfig } from '../../config/runner-config.js';
import { ControlModule } from '../control/control.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { RelayModule } from '../relay/relay.module.js';
import { RUNNER_CONFIG } from '../settings/settings.module.js';
import { WorkerStateModule } from '../worker-state/worker-state.module.js';
import { PolicyKeeper } from './policy-keeper.js';
import { SessionFiles } from './session-files.js';
import { WorkerLogs } from './worker-logs.js';
import { WorkerReports } from './worker-reports.js';
import { WorkersService } from './workers.service.js';
import { WorkerStarter } from './worker-starter.js';

@Module({
  imports: [ControlModule, IdentityModule, RelayModule, WorkerStateModule],
  providers: [
    WorkersService,
    WorkerStarter,
    WorkerReports,
    PolicyKeeper,
    SessionFiles,
    {
      provide: WorkerLogs,
      inject: [RUNNER_CONFIG],
      useFactory: (config: RunnerConfig) => new WorkerLogs(config.layout.workerLogDir),
    },
  ],
  exports: [WorkersService],
})
export class WorkersModule {}
