import type { TranscriptKind, TranscriptPage } from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, Min } from 'class-validator';
import { OptionalField } from '../../platform/http/optional-field.js';
import { DEFAULT_LIMIT, PageLimit } from '../../platform/http/page-query.dto.js';

export class TranscriptQueryDto {
  @ApiPropertyOptional({ description: 'Only entries before this number' })
  @OptionalField()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  before?: number;

  @ApiPropertyOptional({ description: 'Only entries after this number' })
  @OptionalField()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  after?: number;

  @PageLimit()
  limit: number = DEFAULT_LIMIT;
}

export class TranscriptEntryDto {
  @ApiProperty({ description: 'The number of the event that brought the entry' })
  seq!: number;

  @ApiProperty()
  entryId!: string;

  @ApiProperty({ enum: ['user', 'assistant', 'tool', 'trigger', 'notice'] })
  kind!: TranscriptKind;

  @ApiProperty({ format: 'date-time' })
  ts!: string;

  @ApiProperty({
    description: "pi's own message; long text of a tool is cut",
    type: 'object',
    additionalProperties: true,
  })
  content!: unknown;

  @ApiPropertyOptional({
    description: 'Of a tool’s result whose text was cut: how many bytes all of it has. `…/{entryId}/output` has it.',
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
