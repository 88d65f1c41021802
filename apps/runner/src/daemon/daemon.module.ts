import { Module, type DynamicModule } from '@nestjs/common';
import type { RunnerConfig } from '../config/runner-config.js';
import type { Logger } from '../logging/logger.js';
import { FoldersModule } from './folders/folders.module.js';
import { ModelsModule } from './models/models.module.js';
import { OrdersModule } from './orders/orders.module.js';
import { ServicesModule } from './services/services.module.js';
import { SettingsModule } from './settings/settings.module.js';
import { TunnelModule } from './tunnel/tunnel.module.js';

@Module({})
export class DaemonModule {
  static forRoot(config: RunnerConfig, logger: Logger): DynamicModule {
    return {
      module: DaemonModule,
      imports: [
        SettingsModule.forRoot(config, logger),
        OrdersModule,
        FoldersModule,
        ModelsModule,
        ServicesModule,
        TunnelModule,
      ],
    };
  }
}
