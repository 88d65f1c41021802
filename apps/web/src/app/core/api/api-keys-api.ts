import { Service, inject } from '@angular/core';
import { Rest } from './rest';

export interface ApiKey {
  id: string;
  name: string;
  /** The start of the key, to tell keys apart. */
  prefix: string;
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
}

/** A key just made: `key` is shown this once. */
export interface NewApiKey extends ApiKey {
  key: string;
}

/** The caller's own API keys. */
@Service()
export class ApiKeysApi {
  private readonly rest = inject(Rest);

  list(): Promise<{ apiKeys: ApiKey[] }> {
    return this.rest.get('api-keys', { limit: 200 });
  }

  create(request: { name: string; expiresAt?: string }): Promise<NewApiKey> {
    return this.rest.post('api-keys', request);
  }

  revoke(id: string): Promise<void> {
    return this.rest.delete(`api-keys/${id}`);
  }
}
