import type { DeliverAs, QueuedInput } from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsArray, IsIn, IsNotEmpty, IsString } from 'class-validator';
import { OptionalField } from '../../../platform/http/optional-field.js';
import { AttachmentDto } from '../attachments/attachments.dto.js';
import { NextCursor } from '../../../platform/http/page-query.dto.js';
import type { QueuePage } from './queued-inputs.js';

const ways: DeliverAs[] = ['prompt', 'steer', 'followUp'];

export class SendInputDto {
  @ApiProperty({ description: 'May be empty only if there are attachments' })
  @IsString()
  text!: string;

  @ApiPropertyOptional({
    enum: ways,
    enumName: 'DeliverAs',
    default: 'prompt',
    description: '`steer`: before the next model call. `followUp`: after the current turn',
  })
  @OptionalField()
  @IsIn(ways)
  deliverAs: DeliverAs = 'prompt';

  @ApiPropertyOptional({ type: [String], description: 'Ids of files uploaded to this session' })
  @OptionalField()
  @IsArray()
  @IsString({ each: true })
  attachments?: string[];
}

export class InputAcceptedDto {
  @ApiProperty()
  inputId!: string;
}

export class EditInputDto {
  @ApiProperty({ minLength: 1 })
  @IsString()
  @IsNotEmpty()
  text!: string;
}

class QueuedInputDto implements QueuedInput {
  @ApiProperty()
  inputId!: string;

  @ApiProperty()
  text!: string;

  @ApiProperty({ enum: ways, enumName: 'DeliverAs' })
  deliverAs!: DeliverAs;

  @ApiPropertyOptional({
    enum: ['trigger'],
    description: 'Set for a trigger, which can be neither changed nor withdrawn; absent for what a person sent',
  })
  kind?: 'trigger';

  @ApiPropertyOptional()
  authorName?: string;

  @ApiProperty({ format: 'date-time' })
  ts!: string;

  @ApiPropertyOptional({ type: [AttachmentDto] })
  attachments?: AttachmentDto[];
}

export class QueuedInputsDto implements QueuePage {
  @ApiProperty({ type: [QueuedInputDto], description: 'In the order of delivery' })
  inputs!: QueuedInputDto[];

  @ApiPropertyOptional({
    type: 'integer',
    description:
      "Number of inputs after this page. Of a long queue in the agent's own process, the last are counted but never listed",
  })
  more?: number;

  @NextCursor()
  nextCursor?: string;
}
