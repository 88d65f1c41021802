import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ModelInfo } from '@pizzapi/protocol';
import { Type } from 'typebox';
import type { RunnerConfig } from '../../config/runner-config.js';
import type { Logger } from '../../logging/logger.js';
import { answering } from '../../relay-link/answering.js';
import { RelayConnection } from '../relay/relay-connection.js';
import { InjectConfig, InjectLogger } from '../settings/settings.module.js';
import { listModelsInChild } from './list-models-in-child.js';

/** Long enough for a person clicking about, short enough to see a key that was just added. */
const CACHE_MS = 10_000;

@Injectable()
export class ModelsGateway implements OnModuleInit {
  private cached: { at: number; models: Promise<ModelInfo[]> } | undefined;

  constructor(
    @InjectConfig() private readonly config: RunnerConfig,
    @InjectLogger() private readonly logger: Logger,
    private readonly relay: RelayConnection,
  ) {}

  onModuleInit(): void {
    const list = answering('runner:list-models', Type.Object({}), this.logger, async () => ({
      models: await this.list(),
    }));
    this.relay.socket?.on('runner:list-models', list);
  }

  private list(): Promise<ModelInfo[]> {
    if (this.cached && Date.now() - this.cached.at < CACHE_MS) return this.cached.models;
    const models = listModelsInChild(this.config.layout.agentDir);
    const entry = { at: Date.now(), models };
    this.cached = entry;
    models.catch(() => {
      if (this.cached === entry) this.cached = undefined; // the caller hears of the failure; the next one tries again
    });
    return models;
  }
}
