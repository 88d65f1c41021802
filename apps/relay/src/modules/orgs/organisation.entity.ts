import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../platform/database/iso-time.js';

/** A tenant of the relay. */
@Entity('organisations')
export class OrganisationEntity {
  @PrimaryColumn('varchar', { name: 'organisation_id' })
  organisationId!: string;

  @Column('varchar')
  name!: string;

  @Column('varchar', { name: 'created_at', transformer: isoTime })
  createdAt!: Date;
}
