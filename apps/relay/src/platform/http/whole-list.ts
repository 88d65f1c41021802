import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, Min } from 'class-validator';
import { OptionalField } from './optional-field.js';
import { MAX_LIMIT, PageCursor } from './page-query.dto.js';
import { invalid } from './problem.error.js';

/** How lists are paged that are there whole anyway: they are answered whole, unless a page is asked for. */
export class WholeListQueryDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_LIMIT,
    description: 'Default: everything in one page. A larger one is clamped',
  })
  @OptionalField()
  @Transform(({ value }: { value: unknown }) => (value === undefined ? value : Math.min(Number(value), MAX_LIMIT)))
  @IsInt()
  @Min(1)
  limit?: number;

  @PageCursor()
  cursor?: string;
}

/**
 * Cuts the page out. The cursor is the name of the page's last object, so that what comes or goes before it moves nothing.
 * @param nameOf Several may have the same: those are counted.
 * @throws ProblemError `invalid_request` when there is no such object any more, or never was
 */
export function cutOut<T>(
  all: readonly T[],
  { limit = all.length, cursor }: WholeListQueryDto,
  nameOf: (object: T) => string,
): { page: T[]; nextCursor?: string } {
  const marks = marksOf(all.map(nameOf));
  const from = cursor === undefined ? 0 : marks.indexOf(cursor) + 1;
  if (cursor !== undefined && from === 0)
    throw invalid('cursor', 'is at nothing that is in this list now; begin again without it');
  const to = from + limit;
  const last = marks[to - 1];
  return { page: all.slice(from, to), ...(to < all.length && last !== undefined ? { nextCursor: last } : {}) };
}

function marksOf(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return names.map((name) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return `${count}:${name}`;
  });
}
