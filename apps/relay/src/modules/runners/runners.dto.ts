import {
  type FolderListing,
  MAX_LISTED_FOLDERS,
  type ModelInfo,
  type PanelDef,
  type RunnerView,
  type ServiceInfo,
  type ServiceState,
  type SigilDef,
  type TriggerDef,
} from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, IsUUID, Length } from 'class-validator';
import { OptionalField } from '../../platform/http/optional-field.js';
import { DEFAULT_LIMIT, NextCursor, PageCursor, PageLimit } from '../../platform/http/page-query.dto.js';
import { IsName } from '../../platform/http/is-name.js';

export class RunnerListQueryDto {
  @PageLimit()
  limit: number = DEFAULT_LIMIT;

  @ApiPropertyOptional({ description: '`nextCursor` of the page before' })
  @OptionalField()
  @IsUUID()
  cursor?: string;
}

export class FolderQueryDto {
  @ApiPropertyOptional({ description: 'Absolute path within the workspace roots; default: the first root' })
  @OptionalField()
  @IsString()
  @Length(1, 4096)
  path?: string;

  @PageLimit({ standard: MAX_LISTED_FOLDERS, max: MAX_LISTED_FOLDERS })
  limit: number = MAX_LISTED_FOLDERS;

  @PageCursor()
  cursor?: string;
}

export class UpdateRunnerDto {
  @ApiProperty({ minLength: 1, maxLength: 120 })
  @IsName(120)
  name!: string;
}

const jsonObject = { type: 'object', additionalProperties: true } as const;
const serviceStates: ServiceState[] = [
  'declared',
  'starting',
  'running',
  'restarting',
  'stopped',
  'disabled',
  'broken',
];

export class ServiceInfoDto implements ServiceInfo {
  @ApiProperty()
  id!: string;

  @ApiProperty()
  label!: string;

  @ApiProperty({ description: 'Name of a Lucide icon' })
  icon!: string;

  @ApiProperty({ enum: serviceStates, enumName: 'ServiceState' })
  state!: ServiceState;

  @ApiProperty({ type: String, nullable: true, description: 'What is wrong and where: file, field, reason' })
  error!: string | null;

  @ApiPropertyOptional({ description: "The plugin that contains it; absent: it is in the user's services folder" })
  plugin?: string;

  @ApiPropertyOptional({ description: 'Whether its manifest declares a panel' })
  hasPanel?: boolean;

  @ApiPropertyOptional({ format: 'date-time', description: 'When it entered this state' })
  since?: string;

  @ApiPropertyOptional({ description: 'Automatic restarts since the runner started or somebody restarted the service' })
  restarts?: number;
}

class PanelDto implements PanelDef {
  @ApiProperty()
  serviceId!: string;

  @ApiProperty()
  label!: string;

  @ApiProperty()
  icon!: string;

  @ApiProperty()
  port!: number;
}

class TriggerDefDto implements TriggerDef {
  @ApiProperty()
  serviceId!: string;

  @ApiProperty()
  type!: string;

  @ApiProperty()
  label!: string;

  @ApiPropertyOptional()
  description?: string;

  @ApiPropertyOptional({ ...jsonObject, description: 'JSON Schema (draft 2020-12) of the payload' })
  schema?: Record<string, unknown>;

  @ApiPropertyOptional({
    description: 'What is wrong with its schema; while set, the type can be neither subscribed to nor fired',
  })
  disabledReason?: string;
}

class SigilDefDto implements SigilDef {
  @ApiProperty()
  serviceId!: string;

  @ApiProperty()
  type!: string;

  @ApiProperty()
  label!: string;

  @ApiPropertyOptional()
  description?: string;

  @ApiPropertyOptional()
  resolve?: string;

  @ApiPropertyOptional(jsonObject)
  schema?: Record<string, unknown>;

  @ApiPropertyOptional({ type: [String] })
  aliases?: string[];
}

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

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: "Why its operating system cannot sandbox sessions' tools; null: it can, or the runner has not said",
  })
  sandboxGap?: string | null;

  @ApiProperty({ description: 'Number of pending and active sessions' })
  sessionCount!: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastSeenAt!: string | null;

  @ApiProperty({ type: [ServiceInfoDto] })
  services!: ServiceInfoDto[];

  @ApiProperty({ type: [PanelDto] })
  panels!: PanelDto[];

  @ApiProperty({ type: [TriggerDefDto] })
  triggerDefs!: TriggerDefDto[];

  @ApiProperty({ type: [SigilDefDto] })
  sigilDefs!: SigilDefDto[];
}

export class RunnerListDto {
  @ApiProperty({ type: [RunnerDto] })
  runners!: RunnerDto[];

  @NextCursor()
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

  @NextCursor()
  nextCursor?: string;
}

class FolderDto {
  @ApiProperty()
  name!: string;

  @ApiProperty()
  path!: string;

  @ApiProperty()
  isRepository!: boolean;
}

export class FolderListingDto implements Omit<FolderListing, 'last'> {
  @ApiProperty({ description: 'The folder itself, with symbolic links resolved' })
  path!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Null: it is not within the workspace roots' })
  parent!: string | null;

  @ApiProperty({ type: [FolderDto] })
  folders!: FolderDto[];

  @ApiProperty({ description: 'Whether more folders follow on the next page' })
  truncated!: boolean;

  @NextCursor()
  nextCursor?: string;
}
