import type { TranscriptKind, TranscriptPage } from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, Min } from 'class-validator';
import { OptionalField } from '../../platform/http/optional-field.js';
import { DEFAULT_LIMIT, PageLimit } from '../../platform/http/page-query.dto.js';

export class TranscriptQueryDto {
  @ApiPropertyOptional({ description: 'Only entries with a smaller `seq`' })
  @OptionalField()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  before?: number;

  @ApiPropertyOptional({ description: 'Only entries with a greater `seq`' })
  @OptionalField()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  after?: number;

  @PageLimit()
  limit: number = DEFAULT_LIMIT;
}

export class TranscriptEntryDto {
  @ApiProperty({ description: 'Number of the event that added the entry' })
  seq!: number;

  @ApiProperty()
  entryId!: string;

  @ApiProperty({ enum: ['user', 'assistant', 'tool', 'trigger', 'notice'] })
  kind!: TranscriptKind;

  @ApiProperty({ format: 'date-time' })
  ts!: string;

  @ApiProperty({
    description: "The message in pi's own format; long output of a tool is cut",
    type: 'object',
    additionalProperties: true,
  })
  content!: unknown;

  @ApiPropertyOptional({
    description:
      'Size of the whole output of a tool in bytes, if `content` contains only a part of it. `…/{entryId}/output` returns all of it.',
    type: 'integer',
  })
  outputBytes?: number;
}

export class TranscriptPageDto implements TranscriptPage {
  @ApiProperty({ type: [TranscriptEntryDto] })
  entries!: TranscriptEntryDto[];

  @ApiProperty()
  firstSeq!: number;

  @ApiProperty()
  lastSeq!: number;

  @ApiProperty()
  hasMore!: boolean;
}
