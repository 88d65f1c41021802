import { Global, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { RelayConfig } from '../../config/config.js';
import { loggingOptions } from './logging.js';
import { MetricsController } from './metrics.controller.js';
import { RelayLogger } from './relay-logger.js';
import { Replica } from './replica.js';

/** Log, metrics, and who this replica is. */
@Global()
@Module({
  imports: [LoggerModule.forRootAsync({ inject: [RelayConfig], useFactory: loggingOptions })],
  controllers: [MetricsController],
  providers: [RelayLogger, Replica],
  exports: [Replica],
})
export class ObservabilityModule {}
