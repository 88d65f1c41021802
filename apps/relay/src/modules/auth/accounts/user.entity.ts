import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../../platform/database/iso-time.js';

/** A person. */
@Entity('users')
export class UserEntity {
  @PrimaryColumn('varchar', { name: 'user_id' })
  userId!: string;

  @Column('varchar')
  name!: string;

  /** In lower case, unique. */
  @Column('varchar')
  email!: string;

  /** argon2id, in PHC format. */
  @Column('varchar', { name: 'password_hash' })
  passwordHash!: string;

  @Column('varchar', { name: 'created_at', transformer: isoTime })
  createdAt!: Date;
}
