import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  type AgentPolicyView,
  type ApprovalAction,
  ApprovalDeadlineMs,
  type ApprovalSettings,
  POLICY_DOMAIN,
  POLICY_PATH,
  PolicyLimits,
  type SandboxMode,
  type SandboxSettings,
} from '@pizzapi/protocol';
import { applyDecorators } from '@nestjs/common';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsInt, Length, Matches, Max, Min } from 'class-validator';
import { NestedList, NestedObject } from '../../../platform/http/nested.js';
import { OptionalField } from '../../../platform/http/optional-field.js';

const modes: SandboxMode[] = ['none', 'basic', 'full'];
const actions: ApprovalAction[] = ['allow', 'ask', 'deny'];

function PathList(description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: [String], maxItems: PolicyLimits.paths, description }),
    OptionalField(),
    IsArray(),
    ArrayMaxSize(PolicyLimits.paths),
    Length(1, PolicyLimits.pathLength, { each: true }),
    Matches(new RegExp(POLICY_PATH), { each: true, message: 'each has to be a path; there are no patterns' }),
  );
}

class SandboxSettingsDto implements SandboxSettings {
  @ApiPropertyOptional({ enum: modes, enumName: 'SandboxMode' })
  @OptionalField()
  @IsIn(modes)
  mode?: SandboxMode;

  @ApiPropertyOptional({
    enum: modes,
    enumName: 'SandboxMode',
    description: 'The minimum that must be enforced; a session for which that is impossible does not start',
  })
  @OptionalField()
  @IsIn(modes)
  floor?: SandboxMode;

  @ApiPropertyOptional({
    type: [String],
    maxItems: PolicyLimits.domains,
    description: 'Hosts that the mode `full` may reach: a host name, or `*.` and a domain for all hosts below it',
  })
  @OptionalField()
  @IsArray()
  @ArrayMaxSize(PolicyLimits.domains)
  @Length(1, PolicyLimits.domainLength, { each: true })
  @Matches(new RegExp(POLICY_DOMAIN), {
    each: true,
    message: 'each has to be a host such as registry.npmjs.org or *.example.org, without scheme, port and path',
  })
  allowedDomains?: string[];

  @PathList('Secrets that may be read all the same')
  readable?: string[];

  @PathList('What may be written besides the working folder and the temporary one')
  writable?: string[];

  @PathList('What may be neither read nor written; wins over all other lists')
  denied?: string[];
}

class ApprovalRuleDto {
  @ApiProperty({
    minLength: 1,
    maxLength: PolicyLimits.toolLength,
    description: 'Tool name; `*` matches any characters',
  })
  @Length(1, PolicyLimits.toolLength)
  tool!: string;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: PolicyLimits.patternLength,
    description: 'Pattern for the arguments of the call; default: every call',
  })
  @OptionalField()
  @Length(1, PolicyLimits.patternLength)
  pattern?: string;

  @ApiProperty({ enum: actions, enumName: 'ApprovalAction' })
  @IsIn(actions)
  action!: ApprovalAction;
}

class ApprovalSettingsDto implements ApprovalSettings {
  @ApiPropertyOptional({ type: [ApprovalRuleDto], maxItems: PolicyLimits.rules })
  @OptionalField()
  @NestedList(() => ApprovalRuleDto, PolicyLimits.rules)
  rules?: ApprovalRuleDto[];

  @ApiPropertyOptional({ minimum: ApprovalDeadlineMs.minimum, maximum: ApprovalDeadlineMs.maximum })
  @OptionalField()
  @IsInt()
  @Min(ApprovalDeadlineMs.minimum)
  @Max(ApprovalDeadlineMs.maximum)
  deadlineMs?: number;

  @ApiPropertyOptional({ description: 'Whether a parent session may answer approvals of its child sessions' })
  @OptionalField()
  @IsBoolean()
  parentsMayAnswer?: boolean;
}

export class AgentPolicyDto {
  @ApiPropertyOptional({ type: SandboxSettingsDto })
  @OptionalField()
  @NestedObject(() => SandboxSettingsDto)
  sandbox?: SandboxSettingsDto;

  @ApiPropertyOptional({ type: ApprovalSettingsDto })
  @OptionalField()
  @NestedObject(() => ApprovalSettingsDto)
  approvals?: ApprovalSettingsDto;
}

class PolicyAuthorDto {
  @ApiProperty()
  userId!: string;

  @ApiProperty()
  name!: string;
}

export class AgentPolicyViewDto implements AgentPolicyView {
  @ApiProperty({ type: AgentPolicyDto })
  policy!: AgentPolicyDto;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Null: the organisation has none' })
  updatedAt!: string | null;

  @ApiProperty({ type: PolicyAuthorDto, nullable: true })
  updatedBy!: PolicyAuthorDto | null;
}
