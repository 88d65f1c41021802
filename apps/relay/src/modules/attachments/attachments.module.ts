import { Module } from '@nestjs/common';
import { RelayConfig } from '../../config/config.js';
import { AttachmentRepository } from './attachment.repository.js';
import { KeepUpload } from './keep-upload.js';
import { ReadAttachment } from './read-attachment.js';
import { RemoveUnsent } from './remove-unsent.js';
import { SendAttachments } from './send-attachments.js';
import { Thumbnails } from './thumbnails.js';
import { UploadFolder } from './upload-folder.js';
import { UploadSlots } from './upload-slots.js';

/** Files attached to messages. The sessions module decides who may see them, as it does for their sessions. */
@Module({
  providers: [
    AttachmentRepository,
    KeepUpload,
    ReadAttachment,
    RemoveUnsent,
    SendAttachments,
    Thumbnails,
    UploadFolder,
    { provide: UploadSlots, inject: [RelayConfig], useFactory: (config: RelayConfig) => new UploadSlots(config) },
  ],
  exports: [KeepUpload, ReadAttachment, SendAttachments, Thumbnails, UploadFolder, UploadSlots],
})
export class AttachmentsModule {}
