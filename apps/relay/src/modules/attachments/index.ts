export { AttachmentEntity } from './attachment.entity.js';
export { AttachmentsModule } from './attachments.module.js';
export { bytesText } from './bytes-text.js';
export { KeepUpload } from './keep-upload.js';
export { ReadAttachment } from './read-attachment.js';
export { SendAttachments } from './send-attachments.js';
export { UploadFolder } from './upload-folder.js';
