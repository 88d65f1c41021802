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
import { PageQueryOf } from '../../platform/http/page-query.dto.js';

const decisions: ApprovalAnswer['decision'][] = ['allow', 'deny'];
const scopes: ApprovalScope[] = ['once', 'session'];
const outcomes: ApprovalOutcome[] = ['allowed', 'denied', 'expired', 'closed'];

export class AnswerApprovalDto implements ApprovalAnswer {
  @ApiProperty({ enum: decisions, enumName: 'ApprovalDecision', description: 'Of a question: `deny` is no answer' })
  @IsIn(decisions)
  decision!: ApprovalAnswer['decision'];

  @ApiPropertyOptional({
    enum: scopes,
    enumName: 'ApprovalScope',
    default: 'once',
    description: '`session`: the rule does not ask again in this session',
  })
  @OptionalField()
  @IsIn(scopes)
  scope?: ApprovalScope;

  @ApiPropertyOptional({
    maxLength: MAX_ANSWER_LENGTH,
    description: 'Of a tool: a note for the agent. Of a question: the answer, such as the label of an option',
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

  @ApiProperty({ description: 'The file that it stands in' })
  source!: string;
}

class AskingRunDto implements AskingRun {
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    description: 'Among the runs of the same agent that the same call started',
  })
  number!: number;

  @ApiProperty({ type: 'integer', minimum: 1 })
  of!: number;

  @ApiProperty({ description: 'The first words of its task' })
  task!: string;
}

export class ToolSubjectDto {
  @ApiProperty({ enum: ['tool'] })
  kind!: 'tool';

  @ApiProperty()
  toolName!: string;

  @ApiProperty({ description: 'Exactly what would run', type: 'object', additionalProperties: true })
  args!: unknown;

  @ApiProperty({ type: AskingRuleDto })
  rule!: AskingRule;

  @ApiPropertyOptional({ description: "The subagent that wants to; absent: the session's own agent" })
  agent?: string;

  @ApiPropertyOptional({ type: AskingRunDto, description: 'Which run of that subagent' })
  run?: AskingRunDto;

  @ApiPropertyOptional({ description: "Why, where no rule asks but a plugin's hook" })
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

  @ApiProperty({ description: 'What it says with its question, in plain text' })
  message!: string;
}

export class QuestionSubjectDto {
  @ApiProperty({ enum: ['question'] })
  kind!: 'question';

  @ApiProperty()
  question!: string;

  @ApiProperty({ type: [ApprovalOptionDto] })
  options!: ApprovalOption[];

  @ApiPropertyOptional({ description: 'It is a plan, and asked whether the agent is to go by it' })
  isPlan?: boolean;

  @ApiPropertyOptional({ description: "The subagent that asks; absent: the session's own agent" })
  agent?: string;

  @ApiPropertyOptional({ type: AskingRunDto, description: 'Which run of that subagent' })
  run?: AskingRunDto;

  @ApiPropertyOptional({
    type: AskingServerDto,
    description: 'The MCP server that asks, and not an agent: the question is plain text, and only people answer',
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

  @ApiProperty({ description: 'The file that it stands in' })
  path!: string;

  @ApiProperty({ description: 'Of the content that is agreed to' })
  hash!: string;

  @ApiProperty({ type: [String], description: 'What it may do, a sentence each' })
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
    description: "The parent session that answered, whose owner's the `userId` is",
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

  @ApiProperty({ description: 'The tool call that waits for it' })
  toolCallId!: string;

  @ApiProperty({ format: 'date-time' })
  askedAt!: string;

  @ApiProperty({ format: 'date-time', description: 'No answer until then means no' })
  deadline!: string;

  @ApiProperty({
    oneOf: [ToolSubjectDto, QuestionSubjectDto, ConsentSubjectDto].map((dto) => ({ $ref: getSchemaPath(dto) })),
  })
  subject!: ApprovalSubject;

  @ApiPropertyOptional({ description: 'Of a tool: a parent session may answer, too' })
  mayParentAnswer?: boolean;

  @ApiPropertyOptional({ type: HandedUpDto, description: 'A parent session could not answer and handed it to people' })
  handedUp?: HandedUpDto;

  @ApiProperty({
    enum: outcomes,
    enumName: 'ApprovalOutcome',
    nullable: true,
    description: 'Null: it waits. `expired`: nobody answered in time. `closed`: nobody can answer any more',
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

  @ApiProperty({ type: String, nullable: true, description: 'Of `closed`: why' })
  reason!: string | null;

  @ApiProperty({ type: Number, nullable: true, description: "Where its end stands: the transcript entry's `seq`" })
  seq!: number | null;
}

export class ApprovalListDto {
  @ApiProperty({ type: [ApprovalDto] })
  approvals!: ApprovalDto[];

  @ApiPropertyOptional()
  nextCursor?: string;
}

export class ApprovalPageDto extends PageQueryOf(IdPrefix.approval) {}
