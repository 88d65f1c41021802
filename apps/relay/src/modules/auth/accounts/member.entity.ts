import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../../platform/database/iso-time.js';
import type { Role } from '../caller.js';

/** A user's membership in an organisation, with their role. */
@Entity('members')
export class MemberEntity {
  @PrimaryColumn('varchar', { name: 'user_id' })
  userId!: string;

  @PrimaryColumn('varchar', { name: 'organisation_id' })
  organisationId!: string;

  @Column('varchar')
  role!: Role;

  @Column('varchar', { name: 'joined_at', transformer: isoTime })
  joinedAt!: Date;
}
