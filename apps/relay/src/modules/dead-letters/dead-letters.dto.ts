import type { DeadLetterView, DeliveryState } from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsString, IsUUID, Length } from 'class-validator';
import { OptionalField } from '../../platform/http/optional-field.js';
import { DEFAULT_LIMIT, NextCursor, PageCursor, PageLimit } from '../../platform/http/page-query.dto.js';

const MAX_IDS = 500;
const kinds: DeadLetterView['kind'][] = ['input', 'trigger'];

/** Which of them are meant. */
export class DeadLetterFilterDto {
  @ApiPropertyOptional({ format: 'uuid', description: 'Only those of this session' })
  @OptionalField()
  @IsUUID()
  sessionId?: string;

  @ApiPropertyOptional({ description: 'Only triggers of this type' })
  @OptionalField()
  @IsString()
  @Length(1, 200)
  type?: string;
}

export class DeadLetterListQueryDto extends DeadLetterFilterDto {
  @PageLimit()
  limit: number = DEFAULT_LIMIT;

  @PageCursor()
  cursor?: string;
}

class DeathReasonDto {
  @ApiProperty({ example: 'delivery_expired' })
  code!: string;

  @ApiProperty()
  detail!: string;
}

export class DeadLetterDto implements DeadLetterView {
  @ApiProperty({ description: 'The same as `deliveryId`' })
  id!: string;

  @ApiProperty()
  deliveryId!: string;

  @ApiProperty({ enum: kinds })
  kind!: DeadLetterView['kind'];

  @ApiProperty({ format: 'uuid' })
  sessionId!: string;

  @ApiProperty({ type: String, nullable: true })
  sessionName!: string | null;

  @ApiProperty()
  runnerId!: string;

  @ApiProperty({ type: String, nullable: true })
  triggerId!: string | null;

  @ApiProperty({ type: String, nullable: true })
  listenerId!: string | null;

  @ApiProperty({ type: String, nullable: true, description: "The trigger's type; null for an input" })
  type!: string | null;

  @ApiProperty({ type: String, nullable: true })
  summary!: string | null;

  @ApiProperty({
    oneOf: [{ type: 'object', additionalProperties: true }, { type: 'string' }],
    description: "The trigger's payload, or the input's text",
  })
  payload!: unknown;

  @ApiProperty({ type: DeathReasonDto })
  reason!: DeathReasonDto;

  @ApiProperty({
    type: DeathReasonDto,
    nullable: true,
    description:
      'The problem with which a replay would be refused, for example because the session was deleted or cancelled; null if it can be replayed',
  })
  replayRefusal!: DeathReasonDto | null;

  @ApiProperty({ description: 'Number of delivery attempts' })
  attempts!: number;

  @ApiProperty({ format: 'date-time', description: 'When the trigger was fired or the input was sent' })
  ts!: string;

  @ApiProperty({ format: 'date-time' })
  diedAt!: string;
}

export class DeadLetterListDto {
  @ApiProperty({ type: [DeadLetterDto], description: 'Newest first' })
  deadLetters!: DeadLetterDto[];

  @NextCursor()
  nextCursor?: string;
}

export class DeadLetterCountDto {
  @ApiProperty()
  count!: number;
}

export class DeadLetterIdsDto {
  @ApiProperty({ type: [String], minItems: 1, maxItems: MAX_IDS })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_IDS)
  @IsString({ each: true })
  @Length(1, 200, { each: true })
  ids!: string[];
}

export class ReplayedDto {
  @ApiProperty()
  deliveryId!: string;

  @ApiProperty({ enum: ['waiting'], description: 'It is being delivered again' })
  state!: Extract<DeliveryState, 'waiting'>;
}

class RefusedLetterDto {
  @ApiProperty()
  id!: string;

  @ApiProperty({ example: 'session_ended' })
  code!: string;

  @ApiProperty()
  detail!: string;
}

export class ReplayedManyDto {
  @ApiProperty({ description: 'Number of those that are being delivered again' })
  replayed!: number;

  @ApiProperty({ type: [RefusedLetterDto] })
  failed!: RefusedLetterDto[];
}

export class DiscardedManyDto {
  @ApiProperty()
  discarded!: number;

  @ApiProperty({ type: [RefusedLetterDto] })
  failed!: RefusedLetterDto[];
}
