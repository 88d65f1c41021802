import { Readable } from 'node:stream';
import {
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Req,
  Res,
  StreamableFile,
  UploadedFile,
} from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import { ProblemCode } from '@pizzapi/protocol';
import type { Request, Response } from 'express';
import { SessionIdParam } from '../../../platform/http/id-param.js';
import { conflict, forbidden, invalid, notFound } from '../../../platform/http/problem.error.js';
import { OperationId } from '../../../platform/http/operation-id.js';
import {
  type KeptAttachment,
  KeepUpload,
  ReadAttachment,
  Thumbnails,
  UploadFolder,
  type UploadPlace,
} from '../../attachments/index.js';
import { type Caller, CurrentCaller } from '../../auth/index.js';
import { SessionAccess } from '../session-access.js';
import { attachmentHeaders, thumbnailHeaders } from './attachment-headers.js';
import { AttachmentDto, AttachmentQueryDto } from './attachments.dto.js';
import { TakesFile } from './takes-file.js';

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
    private readonly thumbnails: Thumbnails,
    private readonly folder: UploadFolder,
  ) {}

  @Post('sessions/:sessionId/attachments')
  @TakesFile()
  @ApiOperation({
    operationId: 'uploadAttachment',
    summary: 'Upload a file for a message to the session',
    description: 'Put its id into `attachments` of an input. A file that no message uses within a day is removed.',
  })
  upload(
    @SessionIdParam() sessionId: string,
    @UploadedFile() file: FormFile | undefined,
    @CurrentCaller() { userId: ownerId }: Caller,
    @OperationId() operationId: string,
  ): Promise<AttachmentDto> {
    return this.keep({ sessionId, ownerId }, file, operationId);
  }

  @Post('attachments')
  @TakesFile()
  @ApiOperation({
    operationId: 'uploadFirstAttachment',
    summary: 'Upload a file for the first message of a new session',
    description: 'Put its id into `attachments` of `POST /api/sessions`. Until then only its uploader can see it.',
  })
  uploadFirst(
    @UploadedFile() file: FormFile | undefined,
    @CurrentCaller() { userId: ownerId }: Caller,
    @OperationId() operationId: string,
  ): Promise<AttachmentDto> {
    return this.keep({ sessionId: null, ownerId }, file, operationId);
  }

  @Get('attachments/:attachmentId')
  @ApiOperation({ operationId: 'getAttachment', summary: 'Content of a file, for those who may see its session' })
  @ApiProduces('application/octet-stream', 'image/*')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async read(
    @Param('attachmentId') attachmentId: string,
    @Query() { size }: AttachmentQueryDto,
    @CurrentCaller() caller: Caller,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile | undefined> {
    const attachment = await this.require(attachmentId, caller);
    const small = size === 'small' ? await this.thumbnails.find(attachmentId) : null;
    response.set(small ? thumbnailHeaders(attachment, small) : attachmentHeaders(attachment));
    if (request.fresh) {
      response.status(304).removeHeader('content-length');
      return undefined;
    }
    if (small) return new StreamableFile(small.bytes);
    return new StreamableFile(Readable.from(this.attachments.bytes(attachment)));
  }

  @Put('attachments/:attachmentId/thumbnail')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'keepThumbnail',
    summary: 'Add a thumbnail to an image that the caller uploaded',
    description: 'It cannot be replaced. Without a thumbnail, `size=small` returns the image itself.',
  })
  @ApiConsumes('image/webp', 'image/jpeg', 'image/png')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiNoContentResponse()
  async keepThumbnail(
    @Param('attachmentId') attachmentId: string,
    @CurrentCaller() caller: Caller,
    @Req() request: Request,
  ): Promise<void> {
    const attachment = await this.require(attachmentId, caller);
    if (attachment.ownerId !== caller.userId) throw forbidden('Only who uploaded an image gives it a small version.');
    await this.thumbnails.keep(attachment, request, Number(request.get('content-length') ?? 0));
  }

  @Delete('attachments/:attachmentId')
  @HttpCode(204)
  @ApiOperation({ operationId: 'removeAttachment', summary: 'Remove a file that no message uses' })
  @ApiNoContentResponse()
  async remove(@Param('attachmentId') attachmentId: string, @CurrentCaller() caller: Caller): Promise<void> {
    await this.require(attachmentId, caller);
    if (!(await this.attachments.removeUnsent(attachmentId)))
      throw conflict(ProblemCode.attachmentSent, 'A message has this file already; it goes with its session.');
  }

  private async keep(place: UploadPlace, file: FormFile | undefined, operationId: string): Promise<AttachmentDto> {
    if (!file) throw invalid('file', 'is missing; send it as multipart/form-data');
    const { path, originalname: name, mimetype: declaredType, size } = file;
    try {
      return await this.keepUpload.run(place, operationId, { path, name, declaredType, size });
    } finally {
      await this.folder.remove(path);
    }
  }

  private async require(attachmentId: string, caller: Caller): Promise<KeptAttachment> {
    const attachment = await this.attachments.find(attachmentId);
    if (!attachment || !(await this.maySee(attachment, caller))) throw notFound('attachment');
    return attachment;
  }

  private async maySee({ sessionId, ownerId }: KeptAttachment, caller: Caller): Promise<boolean> {
    return sessionId === null ? ownerId === caller.userId : (await this.access.find(sessionId, caller)) !== null;
  }
}
