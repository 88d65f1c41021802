import {
  type Activity,
  type ModelRef,
  type PolicyBehind,
  type SandboxMode,
  type SandboxState,
  SessionStatus,
  type SessionUsage,
  type SessionView,
  type SubagentShare,
  type WaitingQuestions,
} from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsArray, IsIn, IsNotEmptyObject, IsString, IsUUID, Length, MaxLength } from 'class-validator';
import { NestedObject } from '../../platform/http/nested.js';
import { OptionalField } from '../../platform/http/optional-field.js';
import { DEFAULT_LIMIT, PageLimit } from '../../platform/http/page-query.dto.js';

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
  @IsString()
  @Length(1, 200)
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

  @ApiPropertyOptional({ description: '`nextCursor` of the page before' })
  @OptionalField()
  @IsString()
  @MaxLength(500)
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

export class RecentFoldersQueryDto {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  runnerId!: string;
}

export class RecentFoldersDto {
  @ApiProperty({ type: [String], description: 'The latest first' })
  folders!: string[];
}

export class UpdateSessionDto {
  @ApiProperty({ minLength: 1, maxLength: 200 })
  @IsString()
  @Length(1, 200)
  name!: string;
}

class ViewerDto {
  @ApiProperty()
  userId!: string;

  @ApiProperty()
  name!: string;
}

class FailureDto {
  @ApiProperty()
  code!: string;

  @ApiProperty({ description: 'A sentence that says what to do' })
  detail!: string;
}

class SubagentShareDto implements SubagentShare {
  @ApiProperty()
  input!: number;

  @ApiProperty()
  output!: number;

  @ApiProperty()
  cacheRead!: number;

  @ApiProperty()
  cacheWrite!: number;

  @ApiProperty()
  costUsd!: number;
}

class UsageDto implements SessionUsage {
  @ApiProperty()
  input!: number;

  @ApiProperty()
  output!: number;

  @ApiProperty()
  cacheRead!: number;

  @ApiProperty()
  cacheWrite!: number;

  @ApiProperty()
  costUsd!: number;

  @ApiProperty({ type: Number, nullable: true, description: 'What fills the context window now; null while unknown' })
  contextTokens!: number | null;

  @ApiProperty()
  contextWindow!: number;

  @ApiPropertyOptional({
    type: SubagentShareDto,
    description: 'What of the totals subagents had; absent where there were none',
  })
  subagents?: SubagentShare;
}

class PolicyBehindDto implements PolicyBehind {
  @ApiProperty({
    enum: ['wall_stays', 'not_understood'],
    description:
      'No sandbox is wanted any more, and it goes when the agent rests; or relay or runner is too old for the policy',
  })
  reason!: PolicyBehind['reason'];

  @ApiProperty({ description: 'What holds, until when, and what to do' })
  detail!: string;
}

class SandboxDto implements SandboxState {
  @ApiProperty({ enum: ['none', 'basic', 'full'], description: 'What is wanted' })
  mode!: SandboxMode;

  @ApiProperty({ description: 'Whether the operating system keeps it' })
  isEnforced!: boolean;

  @ApiPropertyOptional({ description: 'Of what is wanted and not enforced: why, and what to do' })
  detail?: string;

  @ApiPropertyOptional({
    type: PolicyBehindDto,
    description: 'What of the newest policy does not hold in the session yet',
  })
  behind?: PolicyBehindDto;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    nullable: true,
    description: "When the organisation's policy was given that the session follows",
  })
  policyAt?: string | null;
}

class WaitingQuestionsDto implements WaitingQuestions {
  @ApiProperty({ type: 'integer', minimum: 1 })
  count!: number;

  @ApiProperty({ example: 'apr_0193…', description: 'The approval that was asked last' })
  latestId!: string;
}

export class SessionDto implements SessionView {
  @ApiProperty({ format: 'uuid' })
  sessionId!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ format: 'uuid' })
  runnerId!: string;

  @ApiProperty()
  cwd!: string;

  @ApiProperty({ type: ModelRefDto, nullable: true })
  model!: ModelRef | null;

  @ApiProperty({ enum: statuses, enumName: 'SessionStatus' })
  status!: SessionStatus;

  @ApiProperty({
    enum: ['working', 'waiting', 'idle', 'paused'],
    nullable: true,
    description: 'What the agent does; null while no worker runs it',
  })
  activity!: Activity | null;

  @ApiProperty({ description: 'Whether its worker is attached to a relay' })
  isConnected!: boolean;

  @ApiProperty()
  isPinned!: boolean;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'The session whose agent started it' })
  parentSessionId!: string | null;

  @ApiProperty()
  ownerId!: string;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt!: string;

  @ApiProperty()
  lastEventSeq!: number;

  @ApiProperty({ type: [ViewerDto] })
  viewers!: ViewerDto[];

  @ApiProperty({ type: FailureDto, nullable: true })
  failure!: FailureDto | null;

  @ApiProperty({ type: UsageDto, nullable: true })
  usage!: UsageDto | null;

  @ApiPropertyOptional({ type: WaitingQuestionsDto, nullable: true, description: 'What waits in it for people' })
  questions?: WaitingQuestionsDto | null;

  @ApiPropertyOptional({ type: SandboxDto, nullable: true, description: 'How its tools are confined' })
  sandbox?: SandboxDto | null;

  @ApiPropertyOptional({ type: String, nullable: true, description: 'The listener that started it' })
  listenerId?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, description: 'The trigger it was started for' })
  triggerId?: string | null;

  @ApiPropertyOptional({
    description: "Pending, and waiting for room among its listener's sessions (`maxConcurrent`), not for its runner",
  })
  isHeld?: boolean;
}

export class SessionListDto {
  @ApiProperty({ type: [SessionDto] })
  sessions!: SessionDto[];

  @ApiPropertyOptional()
  nextCursor?: string;
}
