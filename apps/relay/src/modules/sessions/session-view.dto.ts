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

class ForkOriginDto implements ForkOrigin {
  @ApiProperty({ format: 'uuid', description: 'It may have been deleted' })
  sessionId!: string;

  @ApiProperty({ type: String, nullable: true, description: 'The last entry that was taken over; null: none' })
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
    description: 'What the agent does; null while no worker runs it',
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
    description: 'The session whose conversation it goes on with; null: it began by itself',
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
