import type { TunnelPolicy } from '@pizzapi/protocol';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../../platform/database/iso-time.js';

/** What an organisation lets its members reach through tunnels, and who said it last. */
@Entity('tunnel_policies')
export class TunnelPolicyEntity {
  @PrimaryColumn('varchar', { name: 'organisation_id' })
  organisationId!: string;

  @Column('simple-json')
  policy!: TunnelPolicy;

  /** As they were called then. */
  @Column('simple-json', { name: 'updated_by' })
  updatedBy!: { userId: string; name: string };

  @Column('varchar', { name: 'updated_at', transformer: isoTime })
  updatedAt!: Date;
}
