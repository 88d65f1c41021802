import type { MulterModuleAsyncOptions } from '@nestjs/platform-express';
import { RelayConfig } from '../../../config/config.js';
import { AttachmentsModule, UploadFolder } from '../../attachments/index.js';

/** One file in one field, onto this replica's disk. */
export const uploadOptions: MulterModuleAsyncOptions = {
  imports: [AttachmentsModule],
  inject: [RelayConfig, UploadFolder],
  useFactory: ({ attachmentBytes }: RelayConfig, { path }: UploadFolder) => ({
    dest: path,
    // What browsers send, whatever the standard of 1994 says.
    defParamCharset: 'utf8',
    limits: { fileSize: attachmentBytes, files: 1, fields: 0 },
  }),
};
