import { Module } from '@nestjs/common';
import { AttachmentRepository } from './attachment.repository.js';
import { KeepUpload } from './keep-upload.js';
import { ReadAttachment } from './read-attachment.js';
import { RemoveUnsent } from './remove-unsent.js';
import { SendAttachments } from './send-attachments.js';
import { UploadFolder } from './upload-folder.js';

/** Files that people give with messages. Who may see a session, and so its files, is the sessions' business. */
@Module({
  providers: [AttachmentRepository, KeepUpload, ReadAttachment, RemoveUnsent, SendAttachments, UploadFolder],
  exports: [KeepUpload, ReadAttachment, SendAttachments, UploadFolder],
})
export class AttachmentsModule {}
