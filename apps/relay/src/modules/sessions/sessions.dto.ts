import { type ModelRef, SessionStatus } from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsArray, IsIn, IsNotEmptyObject, IsString, IsUUID, Length, MaxLength } from 'class-validator';
import { NestedObject } from '../../platform/http/nested.js';
import { OptionalField } from '../../platform/http/optional-field.js';
import { DEFAULT_LIMIT, PageCursor, PageLimit, PlacedPageQueryDto } from '../../platform/http/page-query.dto.js';
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
    description: "An absolute path within the runner's workspace roots; without it the first root",
  })
  @OptionalField()
  @IsString()
  @Length(1, 4096)
  cwd?: string;

  @ApiPropertyOptional({ description: 'The first input' })
  @OptionalField()
  @IsString()
  prompt?: string;

  @ApiPropertyOptional({ type: [String], description: 'Ids of files of the first input, from `POST /api/attachments`' })
  @OptionalField()
  @IsArray()
  @IsString({ each: true })
  attachments?: string[];

  @ApiPropertyOptional({ type: ModelRefDto, description: "Without it the runner's default" })
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
      'A session of the caller below which it stands: its questions, errors and answers go there as triggers',
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
  @ApiPropertyOptional({ description: 'Part of the name, the folder or the model' })
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

  @ApiPropertyOptional({ format: 'uuid', description: 'Only those that this session started' })
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
    description: 'The sessions that its agent started, and theirs, too; otherwise they go on without it',
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

  @ApiPropertyOptional()
  nextCursor?: string;
}

export class UpdateSessionDto {
  @ApiProperty({ minLength: 1, maxLength: 200 })
  @IsName(200)
  name!: string;
}
