import type { ServiceAnnouncement } from '@pizzapi/protocol';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../platform/database/iso-time.js';

/** A machine's daemon, as it last introduced itself. Without an owner until the first account adopts it. */
@Entity('runners')
export class RunnerEntity {
  @PrimaryColumn('varchar', { name: 'runner_id' })
  runnerId!: string;

  @Column('varchar', { name: 'organisation_id', nullable: true })
  organisationId!: string | null;

  @Column('varchar', { name: 'owner_id', nullable: true })
  ownerId!: string | null;

  /** As its daemon calls itself. */
  @Column('varchar')
  name!: string;

  /** As a person called it, which wins. */
  @Column('varchar', { name: 'given_name', nullable: true })
  givenName!: string | null;

  @Column('varchar')
  platform!: string;

  @Column('varchar')
  version!: string;

  @Column('simple-json')
  roots!: string[];

  /** Why its system cannot confine the tools of sessions. Null: it can. */
  @Column('text', { name: 'sandbox_gap', nullable: true })
  sandboxGap!: string | null;

  /** What it can that an older one cannot. Null: it has not said, as an older one does not. */
  @Column('simple-json', { nullable: true })
  abilities!: string[] | null;

  /** What its services offer, as it last said; outlives a disconnect. */
  @Column('simple-json', { nullable: true })
  announcement!: ServiceAnnouncement | null;

  @Column('varchar', { name: 'last_seen_at', nullable: true, transformer: isoTime })
  lastSeenAt!: Date | null;

  @Column('varchar', { name: 'created_at', transformer: isoTime })
  createdAt!: Date;
}
