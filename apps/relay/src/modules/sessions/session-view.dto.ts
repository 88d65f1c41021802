import {
  type Activity,
  type ForkOrigin,
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
import { NextCursor } from '../../platform/http/page-query.dto.js';
import { ModelRefDto } from './sessions.dto.js';

const statuses = Object.values(SessionStatus);

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

class UsageDto extends SubagentShareDto implements SessionUsage {
  @ApiProperty({ type: Number, nullable: true, description: 'Tokens currently in the context window; null if unknown' })
  contextTokens!: number | null;

  @ApiProperty()
  contextWindow!: number;

  @ApiPropertyOptional({
    type: SubagentShareDto,
    description: 'The part of the totals used by subagents; absent if there were none',
  })
  subagents?: SubagentShare;
}

class PolicyBehindDto implements PolicyBehind {
  @ApiProperty({
    enum: ['wall_stays', 'not_understood'],
    description:
      '`wall_stays`: the policy no longer requires a sandbox, which is removed once the agent is idle. `not_understood`: the relay or the runner is too old for the policy',
  })
  reason!: PolicyBehind['reason'];

  @ApiProperty({ description: 'What applies in the meantime, until when, and what to do' })
  detail!: string;
}

class SandboxDto implements SandboxState {
  @ApiProperty({ enum: ['none', 'basic', 'full'], description: 'The configured mode' })
  mode!: SandboxMode;

  @ApiProperty({ description: 'Whether the operating system enforces it' })
  isEnforced!: boolean;

  @ApiPropertyOptional({ description: 'If the configured mode is not enforced: why, and what to do' })
  detail?: string;

  @ApiPropertyOptional({
    type: PolicyBehindDto,
    description: "Which part of the organisation's latest policy the session does not follow yet",
  })
  behind?: PolicyBehindDto;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    nullable: true,
    description: "When the organisation's policy that the session follows was set",
  })
  policyAt?: string | null;
}

class WaitingQuestionsDto implements WaitingQuestions {
  @ApiProperty({ type: 'integer', minimum: 1 })
  count!: number;

  @ApiProperty({ example: 'apr_0193…', description: 'The most recent approval that waits' })
  latestId!: string;
}

class ForkOriginDto implements ForkOrigin {
  @ApiProperty({ format: 'uuid', description: 'The original session, which may have been deleted' })
  sessionId!: string;

  @ApiProperty({ type: String, nullable: true, description: 'The last entry that was copied; null: none' })
  entryId!: string | null;
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
    description: 'What the agent is doing; null while no worker runs it',
  })
  activity!: Activity | null;

  @ApiProperty({ description: 'Whether its worker is attached to a relay' })
  isConnected!: boolean;

  @ApiProperty()
  isPinned!: boolean;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'The session whose agent started it' })
  parentSessionId!: string | null;

  @ApiPropertyOptional({
    type: ForkOriginDto,
    nullable: true,
    description: 'The session that it was forked from; null: none',
  })
  forkedFrom?: ForkOrigin | null;

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

  @ApiPropertyOptional({ type: WaitingQuestionsDto, nullable: true, description: 'What waits for a person' })
  questions?: WaitingQuestionsDto | null;

  @ApiPropertyOptional({ type: SandboxDto, nullable: true, description: 'How its tools are sandboxed' })
  sandbox?: SandboxDto | null;

  @ApiPropertyOptional({ type: String, nullable: true, description: 'The listener that started it' })
  listenerId?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, description: 'The trigger that it was started for' })
  triggerId?: string | null;

  @ApiPropertyOptional({
    description:
      "Whether it is pending because of its listener's limit (`maxConcurrent`), rather than because of its runner",
  })
  isHeld?: boolean;
}

export class SessionListDto {
  @ApiProperty({ type: [SessionDto] })
  sessions!: SessionDto[];

  @NextCursor()
  nextCursor?: string;
}
