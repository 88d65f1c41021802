import type { BranchPoint, BranchView, ForkView, TranscriptKind } from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, Length } from 'class-validator';

const points: BranchPoint[] = ['before', 'end'];

export class ChangeBranchDto {
  @ApiProperty({ maxLength: 200, description: 'An entry of the session, on whichever branch' })
  @IsString()
  @Length(1, 200)
  entryId!: string;

  @ApiProperty({
    enum: points,
    enumName: 'BranchPoint',
    description: 'Go on from before it, or from the end of its branch',
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

  @ApiProperty({ description: 'The beginning of what it says' })
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
    description: 'The first entry of the branch that the fork is on; null: it is on none',
  })
  within?: string | null;

  @ApiProperty({ description: 'The conversation ends here now, and once went on' })
  isAhead!: boolean;

  @ApiProperty({ type: [BranchDto], description: 'By their first entries, the earliest first' })
  branches!: BranchDto[];
}

export class BranchesDto {
  @ApiProperty({ type: [ForkDto] })
  forks!: ForkDto[];

  @ApiProperty({ description: 'Up to which event they are known' })
  lastSeq!: number;

  @ApiPropertyOptional()
  nextCursor?: string;
}
