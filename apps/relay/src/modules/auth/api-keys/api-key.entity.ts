import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../../platform/database/iso-time.js';
import type { ApiKeyScope } from './api-key.scope.js';

/** An API key. The key itself is shown once and never kept. */
@Entity('api_keys')
export class ApiKeyEntity {
  @PrimaryColumn('varchar', { name: 'key_id' })
  keyId!: string;

  /** Null, as the owner, for a runner's key that waits for its first account. */
  @Column('varchar', { name: 'organisation_id', nullable: true })
  organisationId!: string | null;

  @Column('varchar', { name: 'owner_id', nullable: true })
  ownerId!: string | null;

  /** Set: the key opens this runner's connection and nothing else; with `serviceId`, not even that. */
  @Column('varchar', { name: 'runner_id', nullable: true })
  runnerId!: string | null;

  /** Set: the key fires this service's triggers and nothing else. One key for each service of a runner. */
  @Column('varchar', { name: 'service_id', nullable: true })
  serviceId!: string | null;

  @Column('varchar')
  name!: string;

  /** The key's first characters, to tell keys apart. */
  @Column('varchar')
  prefix!: string;

  /** SHA-256 in hex; unique. */
  @Column('varchar')
  hash!: string;

  @Column('simple-json')
  scopes!: ApiKeyScope[];

  @Column('varchar', { name: 'created_at', transformer: isoTime })
  createdAt!: Date;

  @Column('varchar', { name: 'expires_at', nullable: true, transformer: isoTime })
  expiresAt!: Date | null;

  @Column('varchar', { name: 'last_used_at', nullable: true, transformer: isoTime })
  lastUsedAt!: Date | null;

  @Column('varchar', { name: 'revoked_at', nullable: true, transformer: isoTime })
  revokedAt!: Date | null;
}
