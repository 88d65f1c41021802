import type { FilterMode, MissedRuns, TriggerFilter, TriggerParams } from '@pizzapi/protocol';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../platform/database/iso-time.js';
import { wholeNumber } from '../../platform/database/whole-number.js';

/** A runner's standing order: on a matching trigger start a new session. */
@Entity('listeners')
export class ListenerEntity {
  @PrimaryColumn('varchar', { name: 'listener_id' })
  listenerId!: string;

  @Column('varchar', { name: 'runner_id' })
  runnerId!: string;

  @Column('varchar', { name: 'organisation_id' })
  organisationId!: string;

  /** Whom its sessions belong to. */
  @Column('varchar', { name: 'created_by' })
  createdBy!: string;

  @Column('varchar', { name: 'trigger_type' })
  triggerType!: string;

  @Column('text', { nullable: true })
  prompt!: string | null;

  @Column('varchar', { nullable: true })
  cwd!: string | null;

  @Column('varchar', { name: 'model_provider', nullable: true })
  modelProvider!: string | null;

  @Column('varchar', { name: 'model_id', nullable: true })
  modelId!: string | null;

  @Column('simple-json', { nullable: true })
  params!: TriggerParams | null;

  @Column('simple-json', { nullable: true })
  filters!: TriggerFilter[] | null;

  @Column('varchar', { name: 'filter_mode' })
  filterMode!: FilterMode;

  @Column('boolean')
  enabled!: boolean;

  /** Why the relay itself disabled it. */
  @Column('varchar', { name: 'disabled_reason', nullable: true })
  disabledReason!: string | null;

  @Column('bigint', { name: 'max_wait_ms', transformer: wholeNumber })
  maxWaitMs!: number;

  @Column('integer', { name: 'max_concurrent', nullable: true })
  maxConcurrent!: number | null;

  @Column('varchar', { name: 'missed_runs' })
  missedRuns!: MissedRuns;

  /** Kept for a while after its deletion: triggers that it matched before still start their sessions. */
  @Column('varchar', { name: 'deleted_at', nullable: true, transformer: isoTime })
  deletedAt!: Date | null;

  @Column('varchar', { name: 'created_at', transformer: isoTime })
  createdAt!: Date;

  @Column('varchar', { name: 'updated_at', transformer: isoTime })
  updatedAt!: Date;
}
