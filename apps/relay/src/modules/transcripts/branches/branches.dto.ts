import type { BranchPoint, BranchView, ForkView, TranscriptKind } from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, Length } from 'class-validator';
import { NextCursor } from '../../../platform/http/page-query.dto.js';

const points: BranchPoint[] = ['before', 'end'];

export class ChangeBranchDto {
  @ApiProperty({ maxLength: 200, description: 'An entry of the session, on any branch' })
  @IsString()
  @Length(1, 200)
  entryId!: string;

  @ApiProperty({
    enum: points,
    enumName: 'BranchPoint',
    description: 'Where to continue: before the entry, or at the end of its branch',
  })
  @IsIn(points)
  at!: BranchPoint;
}

class BranchDto implements BranchView {
  @ApiProperty()
  entryId!: string;

  @ApiProperty()
  seq!: number;

  @ApiProperty({ enum: ['user', 'assistant', 'tool', 'trigger', 'notice'] })
  kind!: TranscriptKind;

  @ApiProperty({ description: 'The beginning of its text' })
  text!: string;

  @ApiProperty({ format: 'date-time' })
  ts!: string;

  @ApiProperty()
  isCurrent!: boolean;
}

class ForkDto implements ForkView {
  @ApiProperty({ type: String, nullable: true, description: 'Null: the beginning of the conversation' })
  parentEntryId!: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'The first entry of the branch that the fork itself is on; null: it is on none',
  })
  within?: string | null;

  @ApiProperty({ description: 'Whether the conversation currently ends here although it has branches that continue' })
  isAhead!: boolean;

  @ApiProperty({ type: [BranchDto], description: 'Ordered by their first entries, earliest first' })
  branches!: BranchDto[];
}

export class BranchesDto {
  @ApiProperty({ type: [ForkDto] })
  forks!: ForkDto[];

  @ApiProperty({ description: 'Number of the last event that is taken into account' })
  lastSeq!: number;

  @NextCursor()
  nextCursor?: string;
}
