import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../platform/database/iso-time.js';

/** A file attached to a message. Its content is in `attachment_chunks`; both are deleted with the session. */
@Entity('attachments')
export class AttachmentEntity {
  @PrimaryColumn('varchar', { name: 'attachment_id' })
  attachmentId!: string;

  /** Null until the session for which it was uploaded is created. */
  @Column('varchar', { name: 'session_id', nullable: true })
  sessionId!: string | null;

  /** The user who uploaded it. Null only if its session was deleted. */
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

  /** Hash of the content, in hex: tells a repeated upload from a different one with the same idempotency key. */
  @Column('varchar')
  sha256!: string;

  /** When it was uploaded, or when a message last named it or was withdrawn. An unsent file is kept for a day from then on. */
  @Column('varchar', { name: 'created_at', transformer: isoTime })
  createdAt!: Date;

  /** The messages that contain it; more than one if a message was sent again in another form. */
  @Column('simple-json', { name: 'message_ids' })
  messageIds!: string[];

  /** When the first message with it was accepted. Null: none was, and it is removed after a day, even if a message that failed named it. */
  @Column('varchar', { name: 'sent_at', nullable: true, transformer: isoTime })
  sentAt!: Date | null;
}
