import { Global, Module } from '@nestjs/common';
import { RelayConfig } from './config.js';
import { DataLock } from './data-lock.js';
import { loadConfig } from './load-config.js';

const LOADED_CONFIG = Symbol('LoadedConfig');

/** Gives {@link RelayConfig} to everyone. The only place that reads `process.env`. */
@Global()
@Module({
  providers: [
    { provide: LOADED_CONFIG, useFactory: () => loadConfig(process.env) },
    { provide: DataLock, inject: [LOADED_CONFIG], useFactory: (config: RelayConfig) => DataLock.take(config) },
    // Whoever needs the configuration waits for the lock: a relay that is refused has touched nothing.
    { provide: RelayConfig, inject: [LOADED_CONFIG, DataLock], useFactory: (config: RelayConfig) => config },
  ],
  exports: [RelayConfig],
})
export class ConfigModule {}
