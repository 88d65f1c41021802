import type { DeliverAs, QueuedInput } from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsArray, IsIn, IsNotEmpty, IsString } from 'class-validator';
import { OptionalField } from '../../../platform/http/optional-field.js';
import { AttachmentDto } from '../attachments/attachments.dto.js';
import type { QueuePage } from './queued-inputs.js';

const ways: DeliverAs[] = ['prompt', 'steer', 'followUp'];

export class SendInputDto {
  @ApiProperty({ description: 'May be empty only with attachments' })
  @IsString()
  text!: string;

  @ApiPropertyOptional({
    enum: ways,
    enumName: 'DeliverAs',
    default: 'prompt',
    description: '`steer` enters before the next model call, `followUp` after the turn',
  })
  @OptionalField()
  @IsIn(ways)
  deliverAs: DeliverAs = 'prompt';

  @ApiPropertyOptional({ type: [String], description: 'Ids of files that were uploaded to this session' })
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

  @ApiPropertyOptional({ enum: ['trigger'], description: 'A trigger that waits: it cannot be changed or taken back' })
  kind?: 'trigger';

  @ApiPropertyOptional()
  authorName?: string;

  @ApiProperty({ format: 'date-time' })
  ts!: string;

  @ApiPropertyOptional({ type: [AttachmentDto] })
  attachments?: AttachmentDto[];
}

export class QueuedInputsDto implements QueuePage {
  @ApiProperty({ type: [QueuedInputDto], description: 'In the order in which the agent will get them' })
  inputs!: QueuedInputDto[];

  @ApiPropertyOptional({
    type: 'integer',
    description: 'How many wait after those of this page; of a long queue of the agent’s own the last are never listed',
  })
  more?: number;

  @ApiPropertyOptional({ description: 'Absent on the last page' })
  nextCursor?: string;
}
