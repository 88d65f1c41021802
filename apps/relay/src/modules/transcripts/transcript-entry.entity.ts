import type { TranscriptKind } from '@pizzapi/protocol';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../platform/database/iso-time.js';

/** A finished entry of a session, projected from its event log. */
@Entity('transcript_entries')
export class TranscriptEntryEntity {
  @PrimaryColumn('varchar', { name: 'session_id' })
  sessionId!: string;

  /** The number of the event that brought it: the order of the transcript and its cursor. */
  @PrimaryColumn('integer')
  seq!: number;

  /** pi's own id in the session file; unique in the session. */
  @Column('varchar', { name: 'entry_id' })
  entryId!: string;

  @Column('varchar')
  kind!: TranscriptKind;

  @Column('varchar', { transformer: isoTime })
  ts!: Date;

  /** The entry before it on its branch; empty: it is the first. Null: of an older worker, and it is the one before it here. */
  @Column('varchar', { name: 'parent_id', nullable: true })
  parentId!: string | null;

  /** It is on another branch than the one along which the conversation now goes. */
  @Column('boolean', { name: 'is_hidden', default: false })
  isHidden!: boolean;

  /** Of a tool's result whose text is cut: how many bytes all of it has. Null: all is here, or an older worker has not said. */
  @Column('integer', { name: 'output_bytes', nullable: true })
  outputBytes!: number | null;

  /** pi's own message. */
  @Column('simple-json')
  content!: object;
}
