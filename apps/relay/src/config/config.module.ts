import { Global, Module } from '@nestjs/common';
import { RelayConfig } from './config.js';
import { loadConfig } from './load-config.js';

/** Gives {@link RelayConfig} to everyone. The only place that reads `process.env`. */
@Global()
@Module({
  providers: [{ provide: RelayConfig, useFactory: () => loadConfig(process.env) }],
  exports: [RelayConfig],
})
export class ConfigModule {}
