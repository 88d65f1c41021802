import { Global, Inject, Module, type DynamicModule } from '@nestjs/common';
import type { RunnerConfig } from '../../config/runner-config.js';
import type { Logger } from '../../logging/logger.js';

export const RUNNER_CONFIG = Symbol('RunnerConfig');
const LOGGER = Symbol('Logger');

export const InjectConfig = (): ParameterDecorator => Inject(RUNNER_CONFIG);
export const InjectLogger = (): ParameterDecorator => Inject(LOGGER);

/** What every module of the daemon may ask for: the parsed configuration and the log. */
@Global()
@Module({})
export class SettingsModule {
  static forRoot(config: RunnerConfig, logger: Logger): DynamicModule {
    const providers = [
      { provide: RUNNER_CONFIG, useValue: config },
      { provide: LOGGER, useValue: logger },
    ];
    return { module: SettingsModule, providers, exports: providers };
  }
}
