import type { TranscriptKind } from '@pizzapi/protocol';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../platform/database/iso-time.js';

/** A finished entry of a session, projected from its event log. */
@Entity('transcript_entries')
export class TranscriptEntryEntity {
  @PrimaryColumn('varchar', { name: 'session_id' })
  sessionId!: string;

  /** Number of the event that added it. Defines the order of the transcript, and serves as its cursor. */
  @PrimaryColumn('integer')
  seq!: number;

  /** pi's id in the session file; unique within the session. */
  @Column('varchar', { name: 'entry_id' })
  entryId!: string;

  @Column('varchar')
  kind!: TranscriptKind;

  @Column('varchar', { transformer: isoTime })
  ts!: Date;

  /** The previous entry on its branch; empty for the first one. Null if an older worker reported it: then it is the preceding row. */
  @Column('varchar', { name: 'parent_id', nullable: true })
  parentId!: string | null;

  /** Whether it is not on the current branch. */
  @Column('boolean', { name: 'is_hidden', default: false })
  isHidden!: boolean;

  /** Of a tool's result whose text is cut: how many bytes all of it has. Null: all is here, or an older worker has not said. */
  @Column('integer', { name: 'output_bytes', nullable: true })
  outputBytes!: number | null;

  /** The message in pi's own format. */
  @Column('simple-json')
  content!: object;
}
