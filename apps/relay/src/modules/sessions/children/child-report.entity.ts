import type { ChildTrigger } from '@pizzapi/protocol';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../../platform/database/iso-time.js';

/**
 * Something that a child session has to tell its parent. Written in the transaction that notes the fact itself, so neither is there without the
 * other; put on the bus afterwards, as the trigger of this id, as often as needed.
 */
@Entity('child_reports')
export class ChildReportEntity {
  /** Derived from the fact: the same fact read again is the same report. */
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

  /** What waits for an answer. */
  @Column('varchar', { name: 'approval_id', nullable: true })
  approvalId!: string | null;

  /** Orders what was noted at the same time. */
  @Column('integer')
  ordinal!: number;

  @Column('varchar', { name: 'created_at', transformer: isoTime })
  createdAt!: Date;

  /** When it was on the bus. Null: it is still to be put there. */
  @Column('varchar', { name: 'accepted_at', nullable: true, transformer: isoTime })
  acceptedAt!: Date | null;

  /** When what it asks was answered, by whomever, or is asked no more. */
  @Column('varchar', { name: 'settled_at', nullable: true, transformer: isoTime })
  settledAt!: Date | null;
}
