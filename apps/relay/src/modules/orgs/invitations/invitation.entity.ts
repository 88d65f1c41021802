import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../../platform/database/iso-time.js';
import type { Role } from '../../auth/index.js';

/** An invitation into an organisation, for one person and one use. */
@Entity('invitations')
export class InvitationEntity {
  @PrimaryColumn('varchar', { name: 'invitation_id' })
  invitationId!: string;

  @Column('varchar', { name: 'organisation_id' })
  organisationId!: string;

  /** If set, only this address may accept it. */
  @Column('varchar', { nullable: true })
  email!: string | null;

  @Column('varchar')
  role!: Role;

  /** SHA-256 of the token in hex; unique. */
  @Column('varchar')
  hash!: string;

  @Column('varchar', { name: 'invited_by' })
  invitedBy!: string;

  @Column('varchar', { name: 'created_at', transformer: isoTime })
  createdAt!: Date;

  @Column('varchar', { name: 'expires_at', transformer: isoTime })
  expiresAt!: Date;

  @Column('varchar', { name: 'accepted_by', nullable: true })
  acceptedBy!: string | null;
}
