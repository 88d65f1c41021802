import type { AgentPolicy } from '@pizzapi/protocol';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../../platform/database/iso-time.js';

/** An organisation's policy for its agents, and who changed it last. */
@Entity('agent_policies')
export class AgentPolicyEntity {
  @PrimaryColumn('varchar', { name: 'organisation_id' })
  organisationId!: string;

  @Column('simple-json')
  policy!: AgentPolicy;

  /** With the name that the user had at the time. */
  @Column('simple-json', { name: 'updated_by' })
  updatedBy!: { userId: string; name: string };

  @Column('varchar', { name: 'updated_at', transformer: isoTime })
  updatedAt!: Date;
}
