import type { TriggerDelivery, TriggerPayload } from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsObject, IsString, Length, MaxLength } from 'class-validator';
import { AsSent } from '../../../platform/http/as-sent.js';
import { OptionalField } from '../../../platform/http/optional-field.js';

const ways: TriggerDelivery[] = ['steer', 'followUp'];

export class FireTriggerDto {
  @ApiProperty({ description: 'As a service of the runner declares it', example: 'my-service:file_changed' })
  @IsString()
  @Length(1, 200)
  type!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'At most 256 KiB as JSON' })
  @AsSent()
  @IsObject({ message: 'payload must be a JSON object' })
  payload!: TriggerPayload;

  @ApiPropertyOptional({ description: 'Shown in the history', default: 'external:api' })
  @OptionalField()
  @IsString()
  @Length(1, 200)
  source?: string;

  @ApiPropertyOptional({
    enum: ways,
    enumName: 'TriggerDelivery',
    default: 'followUp',
    description: '`steer` enters before the next model call, `followUp` after the turn',
  })
  @OptionalField()
  @IsIn(ways)
  deliverAs: TriggerDelivery = 'followUp';

  @ApiPropertyOptional({ description: 'One line for people' })
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

  @ApiProperty({ description: 'Subscriptions that matched' })
  subscriptions!: number;

  @ApiProperty({ description: 'Listeners that matched' })
  listeners!: number;
}
