import type { TriggerDelivery, TriggerPayload } from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsObject, IsString, Length, MaxLength } from 'class-validator';
import { AsSent } from '../../../platform/http/as-sent.js';
import { OptionalField } from '../../../platform/http/optional-field.js';

const ways: TriggerDelivery[] = ['steer', 'followUp'];

export class FireTriggerDto {
  @ApiProperty({ description: 'A type declared by a service of the runner', example: 'my-service:file_changed' })
  @IsString()
  @Length(1, 200)
  type!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'At most 256 KiB as JSON' })
  @AsSent()
  @IsObject({ message: 'payload must be a JSON object' })
  payload!: TriggerPayload;

  @ApiPropertyOptional({ description: 'Who fires it, for the trigger history', default: 'external:api' })
  @OptionalField()
  @IsString()
  @Length(1, 200)
  source?: string;

  @ApiPropertyOptional({
    enum: ways,
    enumName: 'TriggerDelivery',
    default: 'followUp',
    description: '`steer`: before the next model call. `followUp`: after the current turn',
  })
  @OptionalField()
  @IsIn(ways)
  deliverAs: TriggerDelivery = 'followUp';

  @ApiPropertyOptional({ description: 'One line of text for people' })
  @OptionalField()
  @IsString()
  @MaxLength(1_000)
  summary?: string;
}

export class TriggerFiredDto {
  @ApiProperty()
  ok!: boolean;

  @ApiProperty()
  triggerId!: string;

  @ApiProperty({ description: 'Number of matching subscriptions' })
  subscriptions!: number;

  @ApiProperty({ description: 'Number of matching listeners' })
  listeners!: number;
}
