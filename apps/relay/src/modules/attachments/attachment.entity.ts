import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../platform/database/iso-time.js';

/** A file that a person gave for a message to a session. Its bytes are in `attachment_chunks`; both go with the session. */
@Entity('attachments')
export class AttachmentEntity {
  @PrimaryColumn('varchar', { name: 'attachment_id' })
  attachmentId!: string;

  @Column('varchar', { name: 'session_id' })
  sessionId!: string;

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

  @Column('varchar', { name: 'created_at', transformer: isoTime })
  createdAt!: Date;

  /** When a message first had it. Null: none has, and after a day it is removed. */
  @Column('varchar', { name: 'sent_at', nullable: true, transformer: isoTime })
  sentAt!: Date | null;
}
