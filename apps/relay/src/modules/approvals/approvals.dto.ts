import {
  IdPrefix,
  type ApprovalAnswer,
  type ApprovalOption,
  type ApprovalOutcome,
  type ApprovalPerson,
  type ApprovalScope,
  type ApprovalSubject,
  type ApprovalView,
  type AskingRule,
  type AskingRun,
  MAX_ANSWER_LENGTH,
} from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { IsIn, IsString, MaxLength } from 'class-validator';
import { OptionalField } from '../../platform/http/optional-field.js';
import { NextCursor, PageQueryOf } from '../../platform/http/page-query.dto.js';

const decisions: ApprovalAnswer['decision'][] = ['allow', 'deny'];
const scopes: ApprovalScope[] = ['once', 'session'];
const outcomes: ApprovalOutcome[] = ['allowed', 'denied', 'expired', 'closed'];

export class AnswerApprovalDto implements ApprovalAnswer {
  @ApiProperty({
    enum: decisions,
    enumName: 'ApprovalDecision',
    description: 'For a question, `deny` means that it is not answered',
  })
  @IsIn(decisions)
  decision!: ApprovalAnswer['decision'];

  @ApiPropertyOptional({
    enum: scopes,
    enumName: 'ApprovalScope',
    default: 'once',
    description: '`session`: the rule no longer asks in this session',
  })
  @OptionalField()
  @IsIn(scopes)
  scope?: ApprovalScope;

  @ApiPropertyOptional({
    maxLength: MAX_ANSWER_LENGTH,
    description: 'For a tool: a note to the agent. For a question: the answer, such as the label of an option',
  })
  @OptionalField()
  @IsString()
  @MaxLength(MAX_ANSWER_LENGTH)
  text?: string;
}

class AskingRuleDto implements AskingRule {
  @ApiProperty()
  tool!: string;

  @ApiProperty({ type: String, nullable: true })
  pattern!: string | null;

  @ApiProperty({ description: 'The file that contains it' })
  source!: string;
}

class AskingRunDto implements AskingRun {
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    description: 'Its number among the runs of the same agent that one tool call started',
  })
  number!: number;

  @ApiProperty({ type: 'integer', minimum: 1 })
  of!: number;

  @ApiProperty({ description: 'The beginning of its task' })
  task!: string;
}

export class ToolSubjectDto {
  @ApiProperty({ enum: ['tool'] })
  kind!: 'tool';

  @ApiProperty()
  toolName!: string;

  @ApiProperty({ description: 'The exact arguments of the tool call', type: 'object', additionalProperties: true })
  args!: unknown;

  @ApiProperty({ type: AskingRuleDto })
  rule!: AskingRule;

  @ApiPropertyOptional({ description: "The subagent that makes the call; absent: the session's own agent" })
  agent?: string;

  @ApiPropertyOptional({ type: AskingRunDto, description: 'The run of that subagent' })
  run?: AskingRunDto;

  @ApiPropertyOptional({ description: "The reason, if a plugin's hook asks rather than a rule" })
  because?: string;
}

class ApprovalOptionDto implements ApprovalOption {
  @ApiProperty()
  label!: string;

  @ApiPropertyOptional()
  description?: string;
}

class AskingServerDto {
  @ApiProperty()
  name!: string;

  @ApiProperty({ description: 'The message that came with its question, as plain text' })
  message!: string;
}

export class QuestionSubjectDto {
  @ApiProperty({ enum: ['question'] })
  kind!: 'question';

  @ApiProperty()
  question!: string;

  @ApiProperty({ type: [ApprovalOptionDto] })
  options!: ApprovalOption[];

  @ApiPropertyOptional({ description: 'Whether this is a plan that the agent proposes' })
  isPlan?: boolean;

  @ApiPropertyOptional({ description: "The subagent that asks; absent: the session's own agent" })
  agent?: string;

  @ApiPropertyOptional({ type: AskingRunDto, description: 'The run of that subagent' })
  run?: AskingRunDto;

  @ApiPropertyOptional({
    type: AskingServerDto,
    description:
      'The MCP server that asks instead of an agent: the question is plain text, and only people can answer it',
  })
  server?: AskingServerDto;
}

export class ConsentSubjectDto {
  @ApiProperty({ enum: ['consent'] })
  kind!: 'consent';

  @ApiProperty({ enum: ['agent', 'plugin', 'mcp'] })
  thing!: 'agent' | 'plugin' | 'mcp';

  @ApiProperty()
  name!: string;

  @ApiProperty({ description: 'The file that contains it' })
  path!: string;

  @ApiProperty({ description: 'Hash of the content being approved' })
  hash!: string;

  @ApiProperty({ type: [String], description: 'What it may do, one sentence per entry' })
  abilities!: string[];

  @ApiProperty()
  content!: string;
}

class ApprovalPersonDto implements ApprovalPerson {
  @ApiProperty()
  userId!: string;

  @ApiProperty()
  name!: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'The parent session that answered; `userId` is then its owner',
  })
  sessionId?: string;
}

class HandedUpDto {
  @ApiProperty({ format: 'uuid' })
  sessionId!: string;

  @ApiProperty()
  name!: string;

  @ApiPropertyOptional()
  reason?: string;

  @ApiProperty({ format: 'date-time' })
  ts!: string;
}

export class ApprovalDto implements ApprovalView {
  @ApiProperty()
  approvalId!: string;

  @ApiProperty({ format: 'uuid' })
  sessionId!: string;

  @ApiProperty({ description: 'The tool call that waits for the answer' })
  toolCallId!: string;

  @ApiProperty({ format: 'date-time' })
  askedAt!: string;

  @ApiProperty({ format: 'date-time', description: 'Without an answer by then, it is denied' })
  deadline!: string;

  @ApiProperty({
    oneOf: [ToolSubjectDto, QuestionSubjectDto, ConsentSubjectDto].map((dto) => ({ $ref: getSchemaPath(dto) })),
  })
  subject!: ApprovalSubject;

  @ApiPropertyOptional({ description: 'For a tool: whether a parent session may answer as well' })
  mayParentAnswer?: boolean;

  @ApiPropertyOptional({ type: HandedUpDto, description: 'A parent session passed it on to people' })
  handedUp?: HandedUpDto;

  @ApiProperty({
    enum: outcomes,
    enumName: 'ApprovalOutcome',
    nullable: true,
    description: 'Null: still waiting. `expired`: nobody answered in time. `closed`: it can no longer be answered',
  })
  outcome!: ApprovalOutcome | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  settledAt!: string | null;

  @ApiProperty({ type: ApprovalPersonDto, nullable: true, description: 'Who answered first' })
  answeredBy!: ApprovalPerson | null;

  @ApiProperty({ enum: scopes, enumName: 'ApprovalScope', nullable: true })
  scope!: ApprovalScope | null;

  @ApiProperty({ type: String, nullable: true })
  text!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why it is `closed`' })
  reason!: string | null;

  @ApiProperty({ type: Number, nullable: true, description: '`seq` of the transcript entry that records the outcome' })
  seq!: number | null;
}

export class ApprovalListDto {
  @ApiProperty({ type: [ApprovalDto] })
  approvals!: ApprovalDto[];

  @NextCursor()
  nextCursor?: string;
}

export class ApprovalPageDto extends PageQueryOf(IdPrefix.approval) {}
