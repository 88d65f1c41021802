import { applyDecorators } from '@nestjs/common';
import { IsString, Length, Matches } from 'class-validator';

/** What people read a thing by: one of nothing but blanks or invisible signs would be no name. */
export function IsName(maxLength: number): PropertyDecorator {
  return applyDecorators(
    IsString(),
    Length(1, maxLength),
    // An empty one is told of once, by its length.
    Matches(/^$|[\p{L}\p{N}\p{P}\p{S}]/u, { message: 'must hold a letter, a digit or another sign that can be seen' }),
  );
}
