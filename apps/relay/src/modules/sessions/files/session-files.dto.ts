import { type FoundFile, type FoundFiles, MAX_FILE_QUERY, MAX_FOUND_FILES } from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsString, MaxLength, Min } from 'class-validator';
import { OptionalField } from '../../../platform/http/optional-field.js';

const DEFAULT_FILES = 50;

export class SessionFilesQueryDto {
  @ApiPropertyOptional({ description: 'What is typed of a name or path; without it the files near the top' })
  @OptionalField()
  @IsString()
  @MaxLength(MAX_FILE_QUERY)
  query: string = '';

  @ApiPropertyOptional({ type: Number, default: DEFAULT_FILES, maximum: MAX_FOUND_FILES })
  @Transform(({ value }: { value: unknown }) => Math.min(Number(value), MAX_FOUND_FILES))
  @IsInt()
  @Min(1)
  limit: number = DEFAULT_FILES;
}

class FoundFileDto implements FoundFile {
  @ApiProperty({ description: "From the session's working folder on", example: 'src/main.ts' })
  path!: string;

  @ApiProperty()
  isFolder!: boolean;
}

export class SessionFilesDto implements FoundFiles {
  @ApiProperty({ type: [FoundFileDto], description: 'The best first' })
  files!: FoundFileDto[];

  @ApiProperty({ description: 'The folder has more files than were looked through' })
  truncated!: boolean;
}
