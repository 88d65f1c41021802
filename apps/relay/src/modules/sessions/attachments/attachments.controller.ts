import { Readable } from 'node:stream';
import {
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  ParseUUIDPipe,
  Post,
  Req,
  Res,
  StreamableFile,
  UploadedFile,
  UseInterceptors,
} from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import { type Attachment, ProblemCode } from '@pizzapi/protocol';
import type { Request, Response } from 'express';
import { conflict, invalid, notFound } from '../../../platform/http/problem.error.js';
import { ComparedByHandler } from '../../../platform/http/replay-options.js';
import { OperationId } from '../../../platform/http/operation-id.js';
import { KeepUpload, ReadAttachment, UploadFolder } from '../../attachments/index.js';
import { type Caller, CurrentCaller } from '../../auth/index.js';
import { SessionAccess } from '../session-access.js';
import { AdmitUpload } from './admit-upload.interceptor.js';
import { attachmentHeaders } from './attachment-headers.js';
import { AttachmentDto } from './attachments.dto.js';

/** A file of a form, as it came onto the disk. */
interface FormFile {
  path: string;
  originalname: string;
  mimetype: string;
  size: number;
}

@ApiTags('attachments')
@Controller()
export class AttachmentsController {
  constructor(
    private readonly access: SessionAccess,
    private readonly keepUpload: KeepUpload,
    private readonly attachments: ReadAttachment,
    private readonly folder: UploadFolder,
  ) {}

  @Post('sessions/:sessionId/attachments')
  @ComparedByHandler(true)
  @UseInterceptors(AdmitUpload, FileInterceptor('file'))
  @ApiOperation({
    operationId: 'uploadAttachment',
    summary: 'Upload a file for a message to the session',
    description: 'Then name it in `attachments` of an input. What no message has within a day is removed.',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } },
  })
  @ApiCreatedResponse({ type: AttachmentDto })
  async upload(
    @Param('sessionId', ParseUUIDPipe) sessionId: string,
    @UploadedFile() file: FormFile | undefined,
    @OperationId() operationId: string,
  ): Promise<AttachmentDto> {
    if (!file) throw invalid('file', 'is missing; send it as multipart/form-data');
    const { path, originalname: name, mimetype: declaredType, size } = file;
    try {
      return await this.keepUpload.run(sessionId, operationId, { path, name, declaredType, size });
    } finally {
      await this.folder.remove(path);
    }
  }

  @Get('attachments/:attachmentId')
  @ApiOperation({ operationId: 'getAttachment', summary: "A file's bytes, for those who may see its session" })
  @ApiProduces('application/octet-stream', 'image/*')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async read(
    @Param('attachmentId') attachmentId: string,
    @CurrentCaller() caller: Caller,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile | undefined> {
    const attachment = await this.require(attachmentId, caller);
    response.set(attachmentHeaders(attachment));
    if (request.fresh) {
      response.status(304).removeHeader('content-length');
      return undefined;
    }
    return new StreamableFile(Readable.from(this.attachments.bytes(attachment)));
  }

  @Delete('attachments/:attachmentId')
  @HttpCode(204)
  @ApiOperation({ operationId: 'removeAttachment', summary: 'Remove a file that no message has' })
  @ApiNoContentResponse()
  async remove(@Param('attachmentId') attachmentId: string, @CurrentCaller() caller: Caller): Promise<void> {
    await this.require(attachmentId, caller);
    if (!(await this.attachments.removeUnsent(attachmentId)))
      throw conflict(ProblemCode.attachmentSent, 'A message has this file already; it goes with its session.');
  }

  private async require(attachmentId: string, caller: Caller): Promise<Attachment> {
    const attachment = await this.attachments.find(attachmentId);
    if (!attachment || !(await this.access.find(attachment.sessionId, caller))) throw notFound('attachment');
    return attachment;
  }
}
