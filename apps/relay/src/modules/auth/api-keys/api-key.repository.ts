import { Injectable } from '@nestjs/common';
import { IdPrefix } from '@pizzapi/protocol';
import { noteForCommit } from '../../../platform/database/commit-notes.js';
import { type EntityManager, IsNull, LessThan, Not } from 'typeorm';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Database } from '../../../platform/database/database.js';
import { type Caller, Role } from '../caller.js';
import { newApiKey } from './api-key.format.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { ApiKeyScope } from './api-key.scope.js';

/**
 * The topic of a commit note (`Database.whenCommitted`) that existing keys have changed. Every change to what `findByHash` returns for an existing
 * key must leave it.
 */
export const API_KEYS_CHANGED = 'api-keys-changed';

export interface NewApiKey {
  /** Becomes the end of the id, so that a repeated operation creates nothing twice. */
  operationId: string;
  name: string;
  ownerId: string | null;
  organisationId: string | null;
  runnerId?: string;
  /** Together with `runnerId`: a key for this service only. It replaces the service's previous key. */
  serviceId?: string;
  expiresAt?: Date | null;
}

/** What a key proves. `owner` is null for the key of a runner without an account, and if the owner was deleted. */
export interface KnownKey {
  keyId: string;
  hash: string;
  ownerId: string | null;
  organisationId: string | null;
  runnerId: string | null;
  serviceId: string | null;
  expiresAt: Date | null;
  revokedAt: string | null;
  owner: Pick<Caller, 'name' | 'email' | 'organisationId' | 'role'> | null;
}

const OptionalText = Type.Union([Type.String(), Type.Null()]);
const known = Compile(
  Type.Object({
    keyId: Type.String(),
    hash: Type.String(),
    ownerId: OptionalText,
    organisationId: OptionalText,
    runnerId: OptionalText,
    serviceId: OptionalText,
    expiresAt: OptionalText,
    revokedAt: OptionalText,
    name: OptionalText,
    email: OptionalText,
    memberOf: OptionalText,
    role: Type.Union([Type.Enum(Role), Type.Null()]),
  }),
);
// For a user in several organisations, the first one counts, as in `callers.ts`.
const KNOWN_KEY = `
  SELECT k.key_id AS "keyId", k.hash AS "hash", k.owner_id AS "ownerId", k.organisation_id AS "organisationId",
    k.runner_id AS "runnerId", k.service_id AS "serviceId", k.expires_at AS "expiresAt", k.revoked_at AS "revokedAt",
    u.name AS "name", u.email AS "email", m.organisation_id AS "memberOf", m.role AS "role"
  FROM api_keys k
  LEFT JOIN users u ON u.user_id = k.owner_id
  LEFT JOIN members m ON m.user_id = k.owner_id
  WHERE `;
const FIRST = `
  ORDER BY m.joined_at ASC
  LIMIT 1`;
const BY_HASH = `${KNOWN_KEY} k.hash = $1 ${FIRST}`;
const BY_ID = `${KNOWN_KEY} k.key_id = $1 ${FIRST}`;

@Injectable()
export class ApiKeyRepository {
  constructor(private readonly database: Database) {}

  /** @returns the row and the key, of which only the hash is stored. A repeated operation gets a new key with the same id. */
  async create(manager: EntityManager, wanted: NewApiKey): Promise<{ entity: ApiKeyEntity; key: string }> {
    const { key, hash, prefix } = newApiKey();
    const entity = manager.create(ApiKeyEntity, {
      keyId: IdPrefix.apiKey + wanted.operationId,
      ownerId: wanted.ownerId,
      organisationId: wanted.organisationId,
      runnerId: wanted.runnerId ?? null,
      serviceId: wanted.serviceId ?? null,
      name: wanted.name,
      prefix,
      hash,
      scopes: [scopeOf(wanted)],
      createdAt: new Date(),
      expiresAt: wanted.expiresAt ?? null,
      lastUsedAt: null,
      revokedAt: null,
    });
    return { entity: await manager.save(entity), key };
  }

  /** Deletes the key of one service of a runner, or without `serviceId` those of all its services. They are easily issued again. */
  async endServiceKeys(manager: EntityManager, runnerId: string, serviceId?: string): Promise<void> {
    noteForCommit(manager, API_KEYS_CHANGED, runnerId);
    await manager.delete(ApiKeyEntity, { runnerId, serviceId: serviceId ?? Not(IsNull()) });
  }

  /** The ids of a runner's services that have a key. */
  async servicesWithKeys(runnerId: string): Promise<string[]> {
    const where = { runnerId, serviceId: Not(IsNull()) };
    const rows = await this.database.read.find(ApiKeyEntity, { where, select: { serviceId: true } });
    return rows.flatMap(({ serviceId }) => serviceId ?? []);
  }

  /** What a key is valid for, and its owner. One small query, as scripts need it often. */
  findByHash(hash: string): Promise<KnownKey | null> {
    return this.findKnown(BY_HASH, hash);
  }

  /** As {@link findByHash}, for a key that was verified before. */
  findById(keyId: string): Promise<KnownKey | null> {
    return this.findKnown(BY_ID, keyId);
  }

  /** A page of a user's keys, newest first. */
  async page(ownerId: string, before: string | null, limit: number): Promise<ApiKeyEntity[]> {
    return this.database.read.find(ApiKeyEntity, {
      where: { ownerId, revokedAt: IsNull(), ...(before === null ? {} : { keyId: LessThan(before) }) },
      order: { keyId: 'DESC' },
      take: limit,
    });
  }

  /** @returns false if it is unknown, belongs to somebody else, or was revoked already */
  async revoke(keyId: string, ownerId: string): Promise<boolean> {
    const { affected } = await this.database.write((manager) => {
      noteForCommit(manager, API_KEYS_CHANGED, keyId);
      return manager.update(ApiKeyEntity, { keyId, ownerId, revokedAt: IsNull() }, { revokedAt: new Date() });
    });
    return affected === 1;
  }

  async touch(keyId: string): Promise<void> {
    await this.database.write((manager) => manager.update(ApiKeyEntity, { keyId }, { lastUsedAt: new Date() }));
  }

  /** Assigns the keys of runners that enrolled before there was an account, or of one such runner, to an account. */
  async adopt(
    manager: EntityManager,
    owner: { ownerId: string; organisationId: string },
    runnerId?: string,
  ): Promise<void> {
    noteForCommit(manager, API_KEYS_CHANGED, owner.ownerId);
    await manager.update(ApiKeyEntity, { ownerId: IsNull(), ...(runnerId !== undefined && { runnerId }) }, owner);
  }

  private async findKnown(query: string, parameter: string): Promise<KnownKey | null> {
    const rows: unknown = await this.database.read.query(query, [parameter]);
    const row: unknown = Array.isArray(rows) ? rows[0] : undefined;
    if (!known.Check(row)) return null;
    const { name, email, memberOf, role, expiresAt, ...key } = row;
    const isMember = name !== null && email !== null && memberOf !== null && role !== null;
    return {
      ...key,
      expiresAt: expiresAt === null ? null : new Date(expiresAt),
      owner: isMember ? { name, email, organisationId: memberOf, role } : null,
    };
  }
}

function scopeOf({ runnerId, serviceId }: NewApiKey): ApiKeyScope {
  if (serviceId !== undefined) return ApiKeyScope.service;
  return runnerId === undefined ? ApiKeyScope.all : ApiKeyScope.runner;
}
