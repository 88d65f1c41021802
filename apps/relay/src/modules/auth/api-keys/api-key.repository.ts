import { Injectable } from '@nestjs/common';
import { IdPrefix } from '@pizzapi/protocol';
import { type EntityManager, IsNull, LessThan } from 'typeorm';
import { Database } from '../../../platform/database/database.js';
import { newApiKey } from './api-key.format.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { ApiKeyScope } from './api-key.scope.js';

export interface NewApiKey {
  /** The end of the id; the same again makes nothing twice. */
  operationId: string;
  name: string;
  ownerId: string | null;
  organisationId: string | null;
  runnerId?: string;
  expiresAt?: Date | null;
}

@Injectable()
export class ApiKeyRepository {
  constructor(private readonly database: Database) {}

  /** @returns the row and the key, which nobody can read again. A repeated operation gets a new key under the same id. */
  async create(manager: EntityManager, wanted: NewApiKey): Promise<{ entity: ApiKeyEntity; key: string }> {
    const { key, hash, prefix } = newApiKey();
    const entity = manager.create(ApiKeyEntity, {
      keyId: IdPrefix.apiKey + wanted.operationId,
      ownerId: wanted.ownerId,
      organisationId: wanted.organisationId,
      runnerId: wanted.runnerId ?? null,
      name: wanted.name,
      prefix,
      hash,
      scopes: [wanted.runnerId === undefined ? ApiKeyScope.all : ApiKeyScope.runner],
      createdAt: new Date(),
      expiresAt: wanted.expiresAt ?? null,
      lastUsedAt: null,
      revokedAt: null,
    });
    return { entity: await manager.save(entity), key };
  }

  async findByHash(hash: string): Promise<ApiKeyEntity | null> {
    return this.database.read.findOneBy(ApiKeyEntity, { hash });
  }

  /** Newest first. */
  async page(ownerId: string, before: string | null, limit: number): Promise<ApiKeyEntity[]> {
    return this.database.read.find(ApiKeyEntity, {
      where: { ownerId, revokedAt: IsNull(), ...(before === null ? {} : { keyId: LessThan(before) }) },
      order: { keyId: 'DESC' },
      take: limit,
    });
  }

  /** @returns false when it is unknown, somebody else's, or revoked already */
  async revoke(keyId: string, ownerId: string): Promise<boolean> {
    const { affected } = await this.database.write((manager) =>
      manager.update(ApiKeyEntity, { keyId, ownerId, revokedAt: IsNull() }, { revokedAt: new Date() }),
    );
    return affected === 1;
  }

  async touch(keyId: string): Promise<void> {
    await this.database.write((manager) => manager.update(ApiKeyEntity, { keyId }, { lastUsedAt: new Date() }));
  }

  /** Gives the keys of runners that enrolled before there was an account to that account. */
  async adopt(manager: EntityManager, owner: { ownerId: string; organisationId: string }): Promise<void> {
    await manager.update(ApiKeyEntity, { ownerId: IsNull() }, owner);
  }
}
