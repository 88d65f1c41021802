import { type FilterMode, TriggerFilter, TriggerParams } from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, registerDecorator } from 'class-validator';
import { type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';

const modes: FilterMode[] = ['and', 'or'];

/** A condition on the payload. */
export class TriggerFilterDto {
  @ApiProperty({ description: 'A dot-path into the payload' })
  field!: string;

  @ApiProperty({ description: 'A string, number or boolean, or an array of them: any of these' })
  value!: unknown;

  @ApiPropertyOptional({ enum: ['eq', 'contains'], default: 'eq' })
  op?: 'eq' | 'contains';
}

/** Which triggers of a type are wanted. */
export class TriggerCriteriaDto {
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, nullable: true })
  @IsOptional()
  @Fits(TriggerParams, 'must be an object of strings, numbers, booleans, or arrays of them')
  params?: TriggerParams | null;

  @ApiPropertyOptional({ type: [TriggerFilterDto], nullable: true })
  @IsOptional()
  @Fits(Type.Array(TriggerFilter, { maxItems: 50 }), 'must be an array of at most 50 {field, value, op?}')
  filters?: TriggerFilter[] | null;

  @ApiPropertyOptional({ enum: modes, enumName: 'FilterMode', default: 'and' })
  @IsOptional()
  @IsIn(modes)
  filterMode?: FilterMode;
}

function Fits(schema: TSchema, message: string): PropertyDecorator {
  const check = Compile(schema);
  return (target, propertyName) =>
    registerDecorator({
      name: 'fits',
      target: target.constructor,
      propertyName: String(propertyName),
      options: { message },
      validator: { validate: (value: unknown) => check.Check(value) },
    });
}
