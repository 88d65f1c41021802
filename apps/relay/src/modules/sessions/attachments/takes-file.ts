import { applyDecorators, UseInterceptors } from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { ApiBody, ApiConsumes, ApiCreatedResponse } from '@nestjs/swagger';
import { ComparedByHandler } from '../../../platform/http/replay-options.js';
import { AdmitUpload } from './admit-upload.interceptor.js';
import { AttachmentDto } from './attachments.dto.js';

/** A route that takes one file of a form, from whoever may send it. */
export function TakesFile(): MethodDecorator {
  const file = { type: 'string', format: 'binary' };
  return applyDecorators(
    ComparedByHandler(true),
    UseInterceptors(AdmitUpload, FileInterceptor('file')),
    ApiConsumes('multipart/form-data'),
    ApiBody({ schema: { type: 'object', required: ['file'], properties: { file } } }),
    ApiCreatedResponse({ type: AttachmentDto }),
  );
}
