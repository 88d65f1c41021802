import { Service, inject } from '@angular/core';
import { getRunner, listRunnerFolders, listRunnerModels, listRunners } from '@pizzapi/api-client';
import type { FolderListing, ModelInfo, RunnerView } from '@pizzapi/protocol';
import { isListOf, isRecord, isRunnerView } from '../realtime/message-shapes';
import { answers } from './api-problem';
import { RelayClient } from './relay-client';

/** Runners, their models and their folders. */
@Service()
export class RunnersApi {
  private readonly relay = inject(RelayClient);

  async list(): Promise<{ runners: RunnerView[]; nextCursor?: string }> {
    const responseValidator = answers((body) => isRecord(body) && isListOf(body['runners'], isRunnerView));
    return (await listRunners({ ...this.relay.options, query: { limit: 200 }, responseValidator })).data;
  }

  async get(runnerId: string): Promise<RunnerView> {
    const responseValidator = answers(isRunnerView);
    return (await getRunner({ ...this.relay.options, path: { runnerId }, responseValidator })).data;
  }

  async models(runnerId: string): Promise<{ models: ModelInfo[] }> {
    return (await listRunnerModels({ ...this.relay.options, path: { runnerId } })).data;
  }

  async folders(runnerId: string, path: string | undefined, signal?: AbortSignal): Promise<FolderListing> {
    const query = path === undefined ? {} : { path };
    return (await listRunnerFolders({ ...this.relay.options, path: { runnerId }, query, signal })).data;
  }
}
