import { Service, inject } from '@angular/core';
import {
  deleteRunner,
  getRunner,
  listRunnerFolders,
  listRunnerModels,
  listRunners,
  updateRunner,
} from '@pizzapi/api-client';
import type { ModelInfo, RunnerView } from '@pizzapi/protocol';
import { isRunnerView } from '../realtime/message-shapes';
import { type FolderPage, isFolderPage, isListAnswer, isModelInfo, isPageAnswer, type PageOf } from './answer-shapes';
import { expected } from './api-problem';
import { RelayClient } from './relay-client';

const PAGE_SIZE = 200;
const isModelList = isListAnswer('models', isModelInfo);
const isRunnerPage = isPageAnswer('runners', isRunnerView);

/** Runners, their models and their folders. */
@Service()
export class RunnersApi {
  private readonly relay = inject(RelayClient);

  async list(cursor?: string): Promise<PageOf<'runners', RunnerView>> {
    const { data } = await listRunners({ ...this.relay.options, query: { limit: PAGE_SIZE, cursor } });
    return expected(data, isRunnerPage);
  }

  async get(runnerId: string): Promise<RunnerView> {
    const { data } = await getRunner({ ...this.relay.options, path: { runnerId } });
    return expected(data, isRunnerView);
  }

  async rename(runnerId: string, name: string): Promise<RunnerView> {
    const { data } = await updateRunner({ ...this.relay.options, path: { runnerId }, body: { name } });
    return expected(data, isRunnerView);
  }

  async remove(runnerId: string): Promise<void> {
    await deleteRunner({ ...this.relay.options, path: { runnerId } });
  }

  async models(runnerId: string): Promise<{ models: ModelInfo[] }> {
    const { data } = await listRunnerModels({ ...this.relay.options, path: { runnerId } });
    return expected(data, isModelList);
  }

  /** Without a path, the first of the runner's roots. */
  async folders(
    runnerId: string,
    path: string | undefined,
    { cursor, signal }: { cursor?: string; signal?: AbortSignal } = {},
  ): Promise<FolderPage> {
    const query = { path, cursor };
    const { data } = await listRunnerFolders({ ...this.relay.options, path: { runnerId }, query, signal });
    return expected(data, isFolderPage);
  }
}
