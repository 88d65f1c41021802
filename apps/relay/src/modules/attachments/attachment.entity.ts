import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../platform/database/iso-time.js';

/** A file that a person gave for a message to a session. Its bytes are in `attachment_chunks`; both go with the session. */
@Entity('attachments')
export class AttachmentEntity {
  @PrimaryColumn('varchar', { name: 'attachment_id' })
  attachmentId!: string;

  /** Null: it waits for the session that its owner is about to start. */
  @Column('varchar', { name: 'session_id', nullable: true })
  sessionId!: string | null;

  /** Who uploaded it. Null only for one of a session that is gone. */
  @Column('varchar', { name: 'owner_id', nullable: true })
  ownerId!: string | null;

  @Column('varchar')
  name!: string;

  @Column('varchar', { name: 'media_type' })
  mediaType!: string;

  @Column('boolean', { name: 'is_image' })
  isImage!: boolean;

  @Column('integer')
  size!: number;

  /** Of its bytes, in hex: tells a repeated upload from another one under the same key. */
  @Column('varchar')
  sha256!: string;

  /** When it was uploaded, named by a message, or taken back with it: since then it waits. */
  @Column('varchar', { name: 'created_at', transformer: isoTime })
  createdAt!: Date;

  /** The messages that have it: more than one where somebody says a message differently. */
  @Column('simple-json', { name: 'message_ids' })
  messageIds!: string[];

  /** When a message that has it was first accepted. Null: none was, and after a day it is removed, also when a message that failed had named it. */
  @Column('varchar', { name: 'sent_at', nullable: true, transformer: isoTime })
  sentAt!: Date | null;
}
