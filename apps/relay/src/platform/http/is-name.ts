import { applyDecorators } from '@nestjs/common';
import { IsString, Length, Matches } from 'class-validator';

/** Some letters and symbols are drawn as nothing: Hangul's fillers, the Braille pattern without dots. */
const VISIBLE_OR_EMPTY = /^$|(?![\p{Default_Ignorable_Code_Point}\u2800])[\p{L}\p{N}\p{P}\p{S}]/u;

/** What people read a thing by: one of nothing but blanks or invisible signs would be no name. */
export function IsName(maxLength: number): PropertyDecorator {
  return applyDecorators(
    IsString(),
    Length(1, maxLength),
    // An empty one is told of once, by its length.
    Matches(VISIBLE_OR_EMPTY, { message: 'must hold a letter, a digit or another sign that can be seen' }),
  );
}
