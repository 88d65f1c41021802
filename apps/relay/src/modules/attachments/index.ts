export { AttachmentEntity } from './attachment.entity.js';
export { AttachmentsModule } from './attachments.module.js';
export { bytesText } from './bytes-text.js';
export { KeepUpload, type UploadPlace } from './keep-upload.js';
export { type KeptAttachment, ReadAttachment } from './read-attachment.js';
export { type FirstMessage, SendAttachments } from './send-attachments.js';
export { Thumbnails } from './thumbnails.js';
export { UploadFolder } from './upload-folder.js';
export { UploadSlots } from './upload-slots.js';
