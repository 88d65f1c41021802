import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Attachment } from '@pizzapi/protocol';
import { IsIn } from 'class-validator';
import { OptionalField } from '../../../platform/http/optional-field.js';

export class AttachmentDto implements Attachment {
  @ApiProperty({ example: 'att_0193…' })
  attachmentId!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ description: 'Of an image as its bytes say, of anything else as it was declared' })
  mediaType!: string;

  @ApiProperty({ type: 'integer' })
  size!: number;

  @ApiProperty({ description: 'A PNG, JPEG, GIF or WebP: shown, and given to the model as an image' })
  isImage!: boolean;
}

export class AttachmentQueryDto {
  @ApiPropertyOptional({ enum: ['small'], description: "An image's small version, where it has one" })
  @OptionalField()
  @IsIn(['small'])
  size?: 'small';
}
