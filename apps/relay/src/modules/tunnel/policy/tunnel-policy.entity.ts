import type { TunnelPolicy } from '@pizzapi/protocol';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../../platform/database/iso-time.js';

/** An organisation's tunnel policy, and who changed it last. */
@Entity('tunnel_policies')
export class TunnelPolicyEntity {
  @PrimaryColumn('varchar', { name: 'organisation_id' })
  organisationId!: string;

  @Column('simple-json')
  policy!: TunnelPolicy;

  /** With the name that the user had at the time. */
  @Column('simple-json', { name: 'updated_by' })
  updatedBy!: { userId: string; name: string };

  @Column('varchar', { name: 'updated_at', transformer: isoTime })
  updatedAt!: Date;
}
