import { applyDecorators, type Type } from '@nestjs/common';
import { type IdPrefix, UUID_PATTERN } from '@pizzapi/protocol';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsString, Matches, MaxLength, Min } from 'class-validator';
import { OptionalField } from './optional-field.js';

export const MAX_LIMIT = 200;
export const DEFAULT_LIMIT = 50;

/** How many objects a page has. A limit beyond the maximum is clamped to it. */
export function PageLimit({ standard = DEFAULT_LIMIT, max = MAX_LIMIT } = {}): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      type: 'integer',
      default: standard,
      minimum: 1,
      maximum: max,
      description: 'A larger one is clamped',
    }),
    Transform(({ value }: { value: unknown }) => Math.min(Number(value), max)),
    IsInt(),
    Min(1),
  );
}

/** The longest cursor holds the name of a folder: 255 characters of at most four bytes, in base64. */
const MAX_CURSOR = 1_500;

/** Where a page begins, in a form that only the list itself reads. */
export function PageCursor(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ description: '`nextCursor` of the page before' }),
    OptionalField(),
    IsString(),
    MaxLength(MAX_CURSOR),
  );
}

/** In an answer: the cursor of the next page. */
export function NextCursor(description = 'Leads to the next page; absent on the last one'): PropertyDecorator {
  return ApiPropertyOptional({ description });
}

interface PageQuery {
  limit: number;
  cursor?: string;
}

/** How lists of objects with public ids are paged: `nextCursor` is the id of the page's last object. Another list's would skip some. */
export function PageQueryOf(prefix: IdPrefix): Type<PageQuery> {
  class PageQueryDto implements PageQuery {
    @PageLimit()
    limit: number = DEFAULT_LIMIT;

    @ApiPropertyOptional({ description: '`nextCursor` of the page before' })
    @OptionalField()
    @Matches(new RegExp(`^${prefix}${UUID_PATTERN}$`), {
      message: 'take it from "nextCursor" of the page before, or leave it out',
    })
    cursor?: string;
  }
  return PageQueryDto;
}

/** How lists are paged that end at a place and not at an object; whoever lists them reads the place. */
export class PlacedPageQueryDto {
  @PageLimit()
  limit: number = DEFAULT_LIMIT;

  @PageCursor()
  cursor?: string;
}

/** Cuts a page out of rows of which one more than `limit` was asked for. */
export function pageOf<T>(
  rows: readonly T[],
  limit: number,
  cursorOf: (row: T) => string,
): { page: T[]; nextCursor?: string } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return rows.length > limit && last !== undefined ? { page, nextCursor: cursorOf(last) } : { page };
}
