import type { AgentPolicy } from '@pizzapi/protocol';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../../platform/database/iso-time.js';

/** What an organisation says of all its agents, and who said it last. */
@Entity('agent_policies')
export class AgentPolicyEntity {
  @PrimaryColumn('varchar', { name: 'organisation_id' })
  organisationId!: string;

  @Column('simple-json')
  policy!: AgentPolicy;

  /** As they were called then. */
  @Column('simple-json', { name: 'updated_by' })
  updatedBy!: { userId: string; name: string };

  @Column('varchar', { name: 'updated_at', transformer: isoTime })
  updatedAt!: Date;
}
