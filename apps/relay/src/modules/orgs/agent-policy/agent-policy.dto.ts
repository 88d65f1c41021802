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
    description: 'The least that has to be enforced: a session that cannot have it does not start',
  })
  @OptionalField()
  @IsIn(modes)
  floor?: SandboxMode;

  @ApiPropertyOptional({
    type: [String],
    maxItems: PolicyLimits.domains,
    description: 'What the mode `full` can reach: a host, or `*.` and a domain for all hosts below it',
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
    description: 'A name; `*` stands for any characters',
  })
  @Length(1, PolicyLimits.toolLength)
  tool!: string;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: PolicyLimits.patternLength,
    description: "What the call's arguments look like; without it every call",
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

  @ApiPropertyOptional({ description: "Whether a session's parent may answer what a rule asks about" })
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

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Null: nobody has given one' })
  updatedAt!: string | null;

  @ApiProperty({ type: PolicyAuthorDto, nullable: true })
  updatedBy!: PolicyAuthorDto | null;
}
