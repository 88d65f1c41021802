import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A single row that names the first account. Its primary key decides between two people who register at the same time. */
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
