import type { TunnelView } from '@pizzapi/protocol';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../../platform/database/iso-time.js';

/**
 * A port of a runner that can be reached through the relay: a service's panel, or a port exposed for a session. There is one row per runner and
 * service, or session and port, so that the address stays the same.
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

  /** Null for a service's tunnel. */
  @Column('varchar', { name: 'session_id', nullable: true })
  sessionId!: string | null;

  /** Null for a session's tunnel. */
  @Column('varchar', { name: 'service_id', nullable: true })
  serviceId!: string | null;

  /** Null for a service's tunnel, as its port changes with every start. */
  @Column('integer', { nullable: true })
  port!: number | null;

  @Column('varchar')
  name!: string;

  @Column('varchar', { name: 'opened_by' })
  openedBy!: TunnelView['openedBy'];

  @Column('varchar', { name: 'created_at', transformer: isoTime })
  createdAt!: Date;
}
