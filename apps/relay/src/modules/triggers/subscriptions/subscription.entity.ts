import type { FilterMode, TriggerFilter, TriggerParams } from '@pizzapi/protocol';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../../platform/database/iso-time.js';

/** A session's wish for a trigger type. Runner and owner are the session's. */
@Entity('subscriptions')
export class SubscriptionEntity {
  @PrimaryColumn('varchar', { name: 'subscription_id' })
  subscriptionId!: string;

  @Column('varchar', { name: 'session_id' })
  sessionId!: string;

  @Column('varchar', { name: 'runner_id' })
  runnerId!: string;

  @Column('varchar', { name: 'owner_id' })
  ownerId!: string;

  @Column('varchar', { name: 'organisation_id' })
  organisationId!: string;

  @Column('varchar', { name: 'trigger_type' })
  triggerType!: string;

  @Column('simple-json', { nullable: true })
  params!: TriggerParams | null;

  @Column('simple-json', { nullable: true })
  filters!: TriggerFilter[] | null;

  @Column('varchar', { name: 'filter_mode' })
  filterMode!: FilterMode;

  @Column('varchar', { name: 'created_at', transformer: isoTime })
  createdAt!: Date;

  @Column('varchar', { name: 'updated_at', transformer: isoTime })
  updatedAt!: Date;
}
