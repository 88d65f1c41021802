import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../platform/database/iso-time.js';
import type { DeathReason, NewDelivery } from '../deliveries/index.js';

/** A delivery that ran out of attempts, time or target. It outlives its session and its runner. */
@Entity('dead_letters')
export class DeadLetterEntity {
  @PrimaryColumn('varchar', { name: 'delivery_id' })
  deliveryId!: string;

  @Column('varchar', { name: 'owner_id' })
  ownerId!: string;

  @Column('varchar', { name: 'organisation_id' })
  organisationId!: string;

  @Column('varchar')
  kind!: 'input' | 'trigger';

  @Column('varchar', { name: 'session_id' })
  sessionId!: string;

  @Column('varchar', { name: 'session_name', nullable: true })
  sessionName!: string | null;

  @Column('varchar', { name: 'runner_id' })
  runnerId!: string;

  @Column('varchar', { name: 'trigger_id', nullable: true })
  triggerId!: string | null;

  @Column('varchar', { name: 'listener_id', nullable: true })
  listenerId!: string | null;

  /** The trigger's. */
  @Column('varchar', { nullable: true })
  type!: string | null;

  @Column('text', { nullable: true })
  summary!: string | null;

  /** The inbox item as it was, to be delivered again. */
  @Column('simple-json')
  item!: NewDelivery;

  @Column('simple-json')
  reason!: DeathReason;

  /** How often a worker was given it, or a fan-out was tried. */
  @Column('integer')
  attempts!: number;

  /** When it was fired or said. */
  @Column('varchar', { transformer: isoTime })
  ts!: Date;

  /** Also tells one death from the next: a replayed delivery may die again. */
  @Column('varchar', { name: 'died_at', transformer: isoTime })
  diedAt!: Date;
}
