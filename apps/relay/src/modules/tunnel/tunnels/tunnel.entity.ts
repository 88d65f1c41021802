import type { TunnelView } from '@pizzapi/protocol';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../../platform/database/iso-time.js';

/**
 * A port of a runner that may be reached through the relay: a service's panel, or one that was exposed for a session. There is one row for
 * runner and service, or session and port, so that its address stays the same.
 */
@Entity('tunnels')
export class TunnelEntity {
  @PrimaryColumn('varchar', { name: 'tunnel_id' })
  tunnelId!: string;

  /** Its host name below the tunnel domain. */
  @Column('varchar')
  label!: string;

  @Column('varchar', { name: 'organisation_id' })
  organisationId!: string;

  @Column('varchar', { name: 'owner_id' })
  ownerId!: string;

  @Column('varchar', { name: 'runner_id' })
  runnerId!: string;

  /** Null: a service's. */
  @Column('varchar', { name: 'session_id', nullable: true })
  sessionId!: string | null;

  /** Null: a session's. */
  @Column('varchar', { name: 'service_id', nullable: true })
  serviceId!: string | null;

  /** Null: a service's, whose port changes with every start of it. */
  @Column('integer', { nullable: true })
  port!: number | null;

  @Column('varchar')
  name!: string;

  @Column('varchar', { name: 'opened_by' })
  openedBy!: TunnelView['openedBy'];

  @Column('varchar', { name: 'created_at', transformer: isoTime })
  createdAt!: Date;
}
