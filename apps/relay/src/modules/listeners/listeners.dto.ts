import { IdPrefix, type ListenerView, MAX_SPAWN_WAIT_MS, MissedRuns, type ModelRef } from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmptyObject,
  IsOptional,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { NestedObject } from '../../platform/http/nested.js';
import { OptionalField } from '../../platform/http/optional-field.js';
import { ModelRefDto } from '../sessions/index.js';
import { StoredCriteriaDto, TriggerCriteriaDto } from '../triggers/index.js';
import { NextCursor, PageQueryOf } from '../../platform/http/page-query.dto.js';

const missedRuns = Object.values(MissedRuns);
const MAX_PROMPT_LENGTH = 100_000;
const MAX_CONCURRENT = 100;

/** What may be left out, and what then holds. */
class ListenerOptionsDto extends TriggerCriteriaDto {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'What the agent of the new session is to do with the trigger',
  })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_PROMPT_LENGTH)
  prompt?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: "Absolute path within the runner's workspace roots; default: the first root",
  })
  @IsOptional()
  @IsString()
  @Length(1, 4096)
  cwd?: string | null;

  @ApiPropertyOptional({ type: ModelRefDto, nullable: true, description: "Default: the runner's default model" })
  @IsOptional()
  @IsNotEmptyObject()
  @NestedObject(() => ModelRefDto)
  model?: ModelRefDto | null;

  @ApiPropertyOptional({ default: true })
  @OptionalField()
  @IsBoolean()
  enabled?: boolean;

  @ApiPropertyOptional({
    minimum: 1_000,
    maximum: MAX_SPAWN_WAIT_MS,
    description: 'How long a session may wait for its runner, in milliseconds; default: 24 h, as for every session',
  })
  @OptionalField()
  @IsInt()
  @Min(1_000)
  @Max(MAX_SPAWN_WAIT_MS)
  maxWaitMs?: number;

  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    minimum: 1,
    maximum: MAX_CONCURRENT,
    description: 'How many of its sessions may start or work at the same time; others wait. Null: no limit',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_CONCURRENT)
  maxConcurrent?: number | null;

  @ApiPropertyOptional({
    enum: missedRuns,
    enumName: 'MissedRuns',
    default: MissedRuns.all,
    description: 'What happens to triggers fired while the runner is offline',
  })
  @OptionalField()
  @IsIn(missedRuns)
  missedRuns?: MissedRuns;
}

export class CreateListenerDto extends ListenerOptionsDto {
  @ApiProperty({ minLength: 1, maxLength: 200 })
  @IsString()
  @Length(1, 200)
  triggerType!: string;
}

export class ReplaceListenerDto extends ListenerOptionsDto {
  @ApiPropertyOptional({ minLength: 1, maxLength: 200, description: 'Default: unchanged' })
  @OptionalField()
  @IsString()
  @Length(1, 200)
  triggerType?: string;
}

export class ListenerDto extends StoredCriteriaDto implements ListenerView {
  @ApiProperty()
  listenerId!: string;

  @ApiProperty({ format: 'uuid' })
  runnerId!: string;

  @ApiProperty()
  triggerType!: string;

  @ApiProperty({ type: String, nullable: true })
  prompt!: string | null;

  @ApiProperty({ type: String, nullable: true })
  cwd!: string | null;

  @ApiProperty({ type: ModelRefDto, nullable: true })
  model!: ModelRef | null;

  @ApiProperty()
  enabled!: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'Why the relay disabled it' })
  disabledReason!: string | null;

  @ApiProperty()
  maxWaitMs!: number;

  @ApiProperty({ type: Number, nullable: true })
  maxConcurrent!: number | null;

  @ApiProperty({ enum: missedRuns, enumName: 'MissedRuns' })
  missedRuns!: MissedRuns;

  @ApiProperty({ description: 'The owner of its sessions' })
  createdBy!: string;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt!: string;
}

export class ListenerListDto {
  @ApiProperty({ type: [ListenerDto] })
  listeners!: ListenerDto[];

  @NextCursor()
  nextCursor?: string;
}

export class UpdatedListenersDto {
  @ApiProperty({ description: 'Number of listeners of that type' })
  updated!: number;
}

export class RemovedListenersDto {
  @ApiProperty({ description: 'Number of listeners of that type' })
  removed!: number;
}

export class ListenerPageDto extends PageQueryOf(IdPrefix.listener) {}
