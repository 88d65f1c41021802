import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import { OptionalField } from '../../../platform/http/optional-field.js';
import { IsName } from '../../../platform/http/is-name.js';

export class ForkSessionDto {
  @ApiPropertyOptional({
    minLength: 1,
    maxLength: 200,
    description:
      'A message of a person or a trigger, on whichever branch: what was said before it is taken over. Without it the conversation as it stands.',
  })
  @OptionalField()
  @IsString()
  @Length(1, 200)
  entryId?: string;

  @ApiPropertyOptional({ minLength: 1, maxLength: 200, description: 'Without it that of the session, with "(fork)"' })
  @OptionalField()
  @IsName(200)
  name?: string;
}
