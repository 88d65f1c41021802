import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The one row that makes somebody the first: its primary key decides between two who register at the same moment. */
@Entity('first_account')
export class FirstAccountEntity {
  static readonly ID = 1;

  @PrimaryColumn('integer')
  id!: number;

  @Column('varchar', { name: 'user_id' })
  userId!: string;

  @Column('varchar', { name: 'organisation_id' })
  organisationId!: string;
}
