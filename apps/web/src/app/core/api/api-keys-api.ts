import { Service, inject } from '@angular/core';
import { type ApiKeyDto, type CreateApiKeyDto, createApiKey, listApiKeys, revokeApiKey } from '@pizzapi/api-client';
import { isApiKey, isPageAnswer, type PageOf } from './answer-shapes';
import { expected } from './api-problem';
import { RelayClient } from './relay-client';

export type ApiKey = ApiKeyDto;

/** A key just made: `key` is shown this once. */
export type NewApiKey = ApiKey & { key: string };

const PAGE_SIZE = 50;
const isKeyPage = isPageAnswer('apiKeys', isApiKey);

/** The caller's own API keys. */
@Service()
export class ApiKeysApi {
  private readonly relay = inject(RelayClient);

  async list(cursor?: string): Promise<PageOf<'apiKeys', ApiKey>> {
    return expected(
      (await listApiKeys({ ...this.relay.options, query: { limit: PAGE_SIZE, cursor } })).data,
      isKeyPage,
    );
  }

  async create(body: CreateApiKeyDto): Promise<NewApiKey> {
    const { data } = await createApiKey({ ...this.relay.options, body });
    // Only a replayed answer leaves it out, and a fresh idempotency key never gets one.
    return { ...expected(data, isApiKey), key: data.key ?? '' };
  }

  async revoke(keyId: string): Promise<void> {
    await revokeApiKey({ ...this.relay.options, path: { keyId } });
  }
}
