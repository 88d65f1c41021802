import { IdPrefix, type AvailableTrigger, type SubscriptionView } from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Length, ValidateIf } from 'class-validator';
import { OptionalField } from '../../../platform/http/optional-field.js';
import { ChangedCriteriaDto, StoredCriteriaDto, TriggerCriteriaDto } from '../matching/criteria.dto.js';
import { NextCursor, PageQueryOf } from '../../../platform/http/page-query.dto.js';

export class CreateSubscriptionDto extends TriggerCriteriaDto {
  @ApiProperty({ description: 'A type from `available-triggers`', minLength: 1, maxLength: 200 })
  @IsString()
  @Length(1, 200)
  triggerType!: string;
}

export class ReplaceSubscriptionDto extends TriggerCriteriaDto {
  @ApiPropertyOptional({ description: 'Optional; must be the current type' })
  @OptionalField()
  @IsString()
  @Length(1, 200)
  triggerType?: string;
}

export class ChangeSubscriptionDto extends ChangedCriteriaDto {
  @ApiPropertyOptional({ description: 'Optional; must be the current type' })
  // Null would take it away, which cannot be.
  @ValidateIf((_, value) => value !== undefined)
  @IsString()
  @Length(1, 200)
  triggerType?: string;
}

export class SubscriptionDto extends StoredCriteriaDto implements SubscriptionView {
  @ApiProperty()
  subscriptionId!: string;

  @ApiProperty()
  triggerType!: string;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt!: string;
}

export class SubscriptionListDto {
  @ApiProperty({ type: [SubscriptionDto] })
  subscriptions!: SubscriptionDto[];

  @NextCursor()
  nextCursor?: string;
}

export class UpdatedCountDto {
  @ApiProperty({ description: 'Number of subscriptions of that type' })
  updated!: number;
}

export class RemovedCountDto {
  @ApiProperty({ description: 'Number of subscriptions of that type' })
  removed!: number;
}

class AvailableTriggerDto implements AvailableTrigger {
  @ApiProperty()
  type!: string;

  @ApiProperty()
  label!: string;

  @ApiProperty({ type: String, nullable: true })
  description!: string | null;

  @ApiProperty({ type: String, nullable: true })
  serviceId!: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'JSON Schema (draft 2020-12) of the payload',
  })
  schema!: Record<string, unknown> | null;

  @ApiProperty({
    description: 'Whether the declaring service is available now and the type is not disabled',
  })
  available!: boolean;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'What is wrong with its schema, if it is disabled for that',
  })
  disabledReason?: string | null;
}

export class AvailableTriggersDto {
  @ApiProperty({ type: [AvailableTriggerDto] })
  triggers!: AvailableTriggerDto[];

  @NextCursor()
  nextCursor?: string;
}

export class SubscriptionPageDto extends PageQueryOf(IdPrefix.subscription) {}
