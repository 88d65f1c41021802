import { Module } from '@nestjs/common';
import type { RunnerConfig } from '../../config/runner-config.js';
import { WorkerStateStore } from '../../worker-state/worker-state.store.js';
import { RUNNER_CONFIG } from '../settings/settings.module.js';

@Module({
  providers: [
    {
      provide: WorkerStateStore,
      inject: [RUNNER_CONFIG],
      useFactory: (config: RunnerConfig) => new WorkerStateStore(config.layout.workerStateDir),
    },
  ],
  exports: [WorkerStateStore],
})
export class WorkerStateModule {}
