import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../../platform/database/iso-time.js';
import type { ApiKeyScope } from './api-key.scope.js';

/** An API key. The key itself is shown once and never stored. */
@Entity('api_keys')
export class ApiKeyEntity {
  @PrimaryColumn('varchar', { name: 'key_id' })
  keyId!: string;

  /** Null, like the owner, for a key of a runner that enrolled before the first account was created. */
  @Column('varchar', { name: 'organisation_id', nullable: true })
  organisationId!: string | null;

  @Column('varchar', { name: 'owner_id', nullable: true })
  ownerId!: string | null;

  /** If set, the key is only valid for this runner's connection; with `serviceId`, not even for that. */
  @Column('varchar', { name: 'runner_id', nullable: true })
  runnerId!: string | null;

  /** If set, the key is only valid for firing this service's triggers. Each service of a runner has one key. */
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
