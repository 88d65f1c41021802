import type { FolderListing, ModelInfo, RunnerView } from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, IsUUID, Length, MaxLength } from 'class-validator';
import { DEFAULT_LIMIT, PageLimit } from '../../platform/http/page-query.dto.js';

export class RunnerListQueryDto {
  @PageLimit()
  limit: number = DEFAULT_LIMIT;

  @ApiPropertyOptional({ description: '`nextCursor` of the page before' })
  @IsOptional()
  @IsUUID()
  cursor?: string;
}

export class FolderQueryDto {
  @ApiPropertyOptional({ description: 'An absolute path within the workspace roots; without it the first root' })
  @IsOptional()
  @IsString()
  @MaxLength(4096)
  path?: string;
}

export class UpdateRunnerDto {
  @ApiProperty({ minLength: 1, maxLength: 120 })
  @IsString()
  @Length(1, 120)
  name!: string;
}

const openObject = { type: 'array', items: { type: 'object', additionalProperties: true } } as const;

export class RunnerDto implements RunnerView {
  @ApiProperty({ format: 'uuid' })
  runnerId!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty()
  online!: boolean;

  @ApiProperty()
  platform!: string;

  @ApiProperty()
  version!: string;

  @ApiProperty({ type: [String], description: 'Workspace roots; the first is the default folder' })
  roots!: string[];

  @ApiProperty({ description: 'Sessions that wait or run' })
  sessionCount!: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastSeenAt!: string | null;

  @ApiProperty(openObject)
  services!: unknown[];

  @ApiProperty(openObject)
  panels!: unknown[];

  @ApiProperty(openObject)
  triggerDefs!: unknown[];

  @ApiProperty(openObject)
  sigilDefs!: unknown[];
}

export class RunnerListDto {
  @ApiProperty({ type: [RunnerDto] })
  runners!: RunnerDto[];

  @ApiPropertyOptional()
  nextCursor?: string;
}

class ModelDto implements ModelInfo {
  @ApiProperty()
  provider!: string;

  @ApiProperty()
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ description: 'In tokens' })
  contextWindow!: number;

  @ApiProperty()
  isDefault!: boolean;
}

export class ModelListDto {
  @ApiProperty({ type: [ModelDto] })
  models!: ModelDto[];
}

class FolderDto {
  @ApiProperty()
  name!: string;

  @ApiProperty()
  path!: string;

  @ApiProperty()
  isRepository!: boolean;
}

export class FolderListingDto implements FolderListing {
  @ApiProperty()
  path!: string;

  @ApiProperty({ type: String, nullable: true })
  parent!: string | null;

  @ApiProperty({ type: [FolderDto] })
  folders!: FolderDto[];

  @ApiProperty()
  truncated!: boolean;
}
