import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Attachment } from '@pizzapi/protocol';
import { IsIn } from 'class-validator';
import { OptionalField } from '../../../platform/http/optional-field.js';

export class AttachmentDto implements Attachment {
  @ApiProperty({ example: 'att_0193…' })
  attachmentId!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ description: 'For images determined from the content, for other files as declared by the uploader' })
  mediaType!: string;

  @ApiProperty({ type: 'integer' })
  size!: number;

  @ApiProperty({ description: 'PNG, JPEG, GIF or WebP, which is displayed and passed to the model as an image' })
  isImage!: boolean;
}

export class AttachmentQueryDto {
  @ApiPropertyOptional({ enum: ['small'], description: "`small`: the image's thumbnail, if it has one" })
  @OptionalField()
  @IsIn(['small'])
  size?: 'small';
}
