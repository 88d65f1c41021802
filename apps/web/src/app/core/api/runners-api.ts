import { Service, inject } from '@angular/core';
import type { FolderListing, ModelInfo, RunnerView } from '@pizzapi/protocol';
import { Rest } from './rest';

/** Runners, their models and their folders. */
@Service()
export class RunnersApi {
  private readonly rest = inject(Rest);

  list(): Promise<{ runners: RunnerView[]; nextCursor?: string }> {
    return this.rest.get('runners', { limit: 200 });
  }

  get(runnerId: string): Promise<RunnerView> {
    return this.rest.get(`runners/${runnerId}`);
  }

  models(runnerId: string): Promise<{ models: ModelInfo[] }> {
    return this.rest.get(`runners/${runnerId}/models`);
  }

  folders(runnerId: string, path: string | undefined, signal?: AbortSignal): Promise<FolderListing> {
    return this.rest.get(`runners/${runnerId}/folders`, { path }, signal);
  }
}
