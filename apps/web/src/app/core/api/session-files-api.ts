import { Service, inject } from '@angular/core';
import { findSessionFiles } from '@pizzapi/api-client';
import type { FoundFiles } from '@pizzapi/protocol';
import { has, isListOf, isRecord } from '../shape';
import { expected } from './api-problem';
import { RelayClient } from './relay-client';

/** Files of a session's working folder, as its agent's tools may see them. */
@Service()
export class SessionFilesApi {
  private readonly relay = inject(RelayClient);

  /** Those that match what was typed, best match first. */
  async find(sessionId: string, query: string): Promise<FoundFiles> {
    const { data } = await findSessionFiles({ ...this.relay.options, path: { sessionId }, query: { query } });
    return expected(data, isFoundFiles);
  }
}

function isFoundFiles(value: unknown): value is FoundFiles {
  return (
    isRecord(value) &&
    typeof value['truncated'] === 'boolean' &&
    isListOf(value['files'], (file) => has(file, 'path') && typeof file['isFolder'] === 'boolean')
  );
}
