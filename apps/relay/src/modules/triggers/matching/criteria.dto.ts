import type { CriterionValue, FilterMode, TriggerCriteria, TriggerFilter, TriggerParams } from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length, ValidateBy } from 'class-validator';
import { NestedList } from '../../../platform/http/nested.js';
import { OptionalField } from '../../../platform/http/optional-field.js';
import { isCriterion, isParams, MAX_FILTERS, MAX_TEXT, MAX_VALUES, PARAMS_RULE } from './criteria-limits.js';
import type { ChangedCriteria } from './stored-criteria.js';

type Wanted = CriterionValue | CriterionValue[];
const ops: NonNullable<TriggerFilter['op']>[] = ['eq', 'contains'];
const modes: FilterMode[] = ['and', 'or'];

const scalars = [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }];
const values = { oneOf: [...scalars, { type: 'array', items: { oneOf: scalars }, maxItems: MAX_VALUES }] };
const paramsSchema = { type: 'object', additionalProperties: values } as const;

function IsCriterion(): PropertyDecorator {
  const message = `value must be a text of up to ${MAX_TEXT} characters, a number, true or false, or a list of up to ${MAX_VALUES} of these`;
  return ValidateBy({ name: 'isCriterion', validator: { validate: isCriterion } }, { message });
}

function IsParams(): PropertyDecorator {
  return ValidateBy({ name: 'isParams', validator: { validate: isParams } }, { message: `params ${PARAMS_RULE}` });
}

export class TriggerFilterDto implements TriggerFilter {
  @ApiProperty({ description: 'A dot-path into the payload', example: 'items.0.status', minLength: 1, maxLength: 500 })
  @IsString()
  @Length(1, 500, { message: 'field must be a path into the payload, of 1 to 500 characters' })
  field!: string;

  @ApiProperty({ ...values, description: 'The expected value; a list matches any of its values' })
  @IsCriterion()
  value!: Wanted;

  @ApiPropertyOptional({ enum: ops, enumName: 'FilterOp', default: 'eq' })
  @OptionalField()
  @IsIn(ops, { message: 'op must be "eq" or "contains"' })
  op?: 'eq' | 'contains';
}

function Filters(): PropertyDecorator {
  return NestedList(() => TriggerFilterDto, MAX_FILTERS, 'filters must be a list of filters: {field, value, op?}');
}

function IsFilterMode(): PropertyDecorator {
  return IsIn(modes, { message: 'filterMode must be "and" or "or"' });
}

/** What a subscription or a listener wants of the triggers of its type. */
export class TriggerCriteriaDto implements TriggerCriteria {
  @ApiPropertyOptional({ ...paramsSchema, description: 'Passed on to the service; all of them must match the payload' })
  @OptionalField()
  @IsParams()
  params?: TriggerParams;

  @ApiPropertyOptional({ type: [TriggerFilterDto], maxItems: MAX_FILTERS, description: 'Conditions on the payload' })
  @OptionalField()
  @Filters()
  filters?: TriggerFilterDto[];

  @ApiPropertyOptional({
    enum: modes,
    enumName: 'FilterMode',
    default: 'and',
    description: 'Whether all filters must match, or any of them',
  })
  @OptionalField()
  @IsFilterMode()
  filterMode?: FilterMode;
}

/** The same where it only changes what is given: null takes it away. */
export class ChangedCriteriaDto implements ChangedCriteria {
  @ApiPropertyOptional({ ...paramsSchema, nullable: true, description: 'Null: remove them' })
  @IsOptional()
  @IsParams()
  params?: TriggerParams | null;

  @ApiPropertyOptional({
    type: [TriggerFilterDto],
    maxItems: MAX_FILTERS,
    nullable: true,
    description: 'Null: remove them',
  })
  @IsOptional()
  @Filters()
  filters?: TriggerFilterDto[] | null;

  @ApiPropertyOptional({ enum: modes, enumName: 'FilterMode', nullable: true, description: 'Null: `and`' })
  @IsOptional()
  @IsFilterMode()
  filterMode?: FilterMode | null;
}

/** The same as it is answered: whole. */
export class StoredCriteriaDto {
  @ApiProperty({ ...paramsSchema, nullable: true })
  params!: TriggerParams | null;

  @ApiProperty({ type: [TriggerFilterDto], nullable: true })
  filters!: TriggerFilterDto[] | null;

  @ApiProperty({ enum: modes, enumName: 'FilterMode' })
  filterMode!: FilterMode;
}
