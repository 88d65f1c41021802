import { type ModelRef, SessionStatus } from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsArray, IsIn, IsNotEmptyObject, IsString, IsUUID, Length, MaxLength } from 'class-validator';
import { NestedObject } from '../../platform/http/nested.js';
import { OptionalField } from '../../platform/http/optional-field.js';
import {
  DEFAULT_LIMIT,
  NextCursor,
  PageCursor,
  PageLimit,
  PlacedPageQueryDto,
} from '../../platform/http/page-query.dto.js';
import { IsName } from '../../platform/http/is-name.js';

const statuses = Object.values(SessionStatus);

export class ModelRefDto implements ModelRef {
  @ApiProperty({ maxLength: 200 })
  @IsString()
  @Length(1, 200)
  provider!: string;

  @ApiProperty({ maxLength: 300 })
  @IsString()
  @Length(1, 300)
  id!: string;
}

export class CreateSessionDto {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  runnerId!: string;

  @ApiPropertyOptional({
    description: "Absolute path within the runner's workspace roots; default: the first root",
  })
  @OptionalField()
  @IsString()
  @Length(1, 4096)
  cwd?: string;

  @ApiPropertyOptional({ description: 'The first input' })
  @OptionalField()
  @IsString()
  prompt?: string;

  @ApiPropertyOptional({
    type: [String],
    description: 'Ids of files for the first input, from `POST /api/attachments`',
  })
  @OptionalField()
  @IsArray()
  @IsString({ each: true })
  attachments?: string[];

  @ApiPropertyOptional({ type: ModelRefDto, description: "Default: the runner's default model" })
  @OptionalField()
  @IsNotEmptyObject()
  @NestedObject(() => ModelRefDto)
  model?: ModelRefDto;

  @ApiPropertyOptional({ minLength: 1, maxLength: 200 })
  @OptionalField()
  @IsName(200)
  name?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description:
      'Another session of the caller that becomes its parent: questions, errors and answers go there as triggers',
  })
  @OptionalField()
  @IsUUID()
  parentSessionId?: string;
}

export class SessionStateDto {
  @ApiProperty({ format: 'uuid' })
  sessionId!: string;

  @ApiProperty({ enum: statuses, enumName: 'SessionStatus' })
  status!: SessionStatus;
}

export class SessionListQueryDto {
  @ApiPropertyOptional({ description: 'Part of the name, folder or model' })
  @OptionalField()
  @IsString()
  @MaxLength(200)
  q?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @OptionalField()
  @IsUUID()
  runnerId?: string;

  @ApiPropertyOptional({ enum: statuses, enumName: 'SessionStatus' })
  @OptionalField()
  @IsIn(statuses)
  status?: SessionStatus;

  @ApiPropertyOptional({ format: 'uuid', description: 'Only child sessions of this session' })
  @OptionalField()
  @IsUUID()
  parentSessionId?: string;

  @PageLimit()
  limit: number = DEFAULT_LIMIT;

  @PageCursor()
  cursor?: string;
}

export class WithChildrenQueryDto {
  @ApiPropertyOptional({
    enum: ['true', 'false'],
    default: 'false',
    description: 'Whether its child sessions, and theirs, end as well; otherwise they continue without it',
  })
  @OptionalField()
  @IsIn(['true', 'false'])
  withChildren?: 'true' | 'false';
}

export class RecentFoldersQueryDto extends PlacedPageQueryDto {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  runnerId!: string;
}

export class RecentFoldersDto {
  @ApiProperty({ type: [String], description: 'Absolute paths' })
  folders!: string[];

  @NextCursor()
  nextCursor?: string;
}

export class UpdateSessionDto {
  @ApiProperty({ minLength: 1, maxLength: 200 })
  @IsName(200)
  name!: string;
}
