import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Type } from 'typebox';
import type { RunnerConfig } from '../../config/runner-config.js';
import { errorText, type Logger } from '../../logging/logger.js';
import { answering } from '../../relay-link/answering.js';
import { RelayConnection } from '../relay/relay-connection.js';
import { InjectConfig, InjectLogger } from '../settings/settings.module.js';
import { KnownModels } from './known-models.js';
import { listModelsInChild } from './list-models-in-child.js';

@Injectable()
export class ModelsGateway implements OnModuleInit {
  private readonly known: KnownModels;

  constructor(
    @InjectConfig() config: RunnerConfig,
    @InjectLogger() private readonly logger: Logger,
    private readonly relay: RelayConnection,
  ) {
    const { agentDir } = config.layout;
    this.known = new KnownModels({
      agentDir,
      read: () => listModelsInChild(agentDir),
      onStale: (error) => logger.warn(`the models were not read anew: ${errorText(error)}`),
    });
  }

  onModuleInit(): void {
    const list = answering('runner:list-models', Type.Object({}), this.logger, async () => ({
      models: await this.known.list(),
    }));
    this.relay.socket?.on('runner:list-models', list);
  }
}
