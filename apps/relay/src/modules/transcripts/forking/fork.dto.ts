import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import { OptionalField } from '../../../platform/http/optional-field.js';
import { IsName } from '../../../platform/http/is-name.js';

export class ForkSessionDto {
  @ApiPropertyOptional({
    minLength: 1,
    maxLength: 200,
    description: 'An input or trigger, on any branch: the copy ends before it. Default: the whole current branch.',
  })
  @OptionalField()
  @IsString()
  @Length(1, 200)
  entryId?: string;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: 200,
    description: 'Default: the name of the original with "(fork)" added',
  })
  @OptionalField()
  @IsName(200)
  name?: string;
}
