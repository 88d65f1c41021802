import type { ChildTrigger } from '@pizzapi/protocol';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../../platform/database/iso-time.js';

/**
 * Something that a child session has to tell its parent. It is written in the transaction that records the fact itself, so that neither
 * exists without the other. Afterwards it is put on the bus as the trigger with this id, as often as needed.
 */
@Entity('child_reports')
export class ChildReportEntity {
  /** Derived from the fact, so that the same fact makes the same report. */
  @PrimaryColumn('varchar', { name: 'trigger_id' })
  triggerId!: string;

  /** The child. */
  @Column('varchar', { name: 'session_id' })
  sessionId!: string;

  /** Who is told. */
  @Column('varchar', { name: 'parent_session_id' })
  parentSessionId!: string;

  @Column('varchar')
  type!: ChildTrigger;

  /** The trigger's payload as JSON. */
  @Column('text')
  payload!: string;

  @Column('varchar')
  summary!: string;

  /** The question that waits for an answer, if it is one. */
  @Column('varchar', { name: 'approval_id', nullable: true })
  approvalId!: string | null;

  /** Orders reports of the same time. */
  @Column('integer')
  ordinal!: number;

  @Column('varchar', { name: 'created_at', transformer: isoTime })
  createdAt!: Date;

  /** When it was put on the bus. Null: it is still to be put there. */
  @Column('varchar', { name: 'accepted_at', nullable: true, transformer: isoTime })
  acceptedAt!: Date | null;

  /** When the question was answered, by whomever, or withdrawn. */
  @Column('varchar', { name: 'settled_at', nullable: true, transformer: isoTime })
  settledAt!: Date | null;
}
