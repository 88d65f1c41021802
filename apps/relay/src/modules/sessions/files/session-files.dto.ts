import { type FoundFile, type FoundFiles, MAX_FILE_QUERY, MAX_FOUND_FILES } from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { OptionalField } from '../../../platform/http/optional-field.js';
import { DEFAULT_LIMIT, PageLimit } from '../../../platform/http/page-query.dto.js';

export class SessionFilesQueryDto {
  @ApiPropertyOptional({ description: 'Part of a name or path; default: files near the top of the folder' })
  @OptionalField()
  @IsString()
  @MaxLength(MAX_FILE_QUERY)
  query: string = '';

  @PageLimit({ max: MAX_FOUND_FILES })
  limit: number = DEFAULT_LIMIT;
}

class FoundFileDto implements FoundFile {
  @ApiProperty({ description: "Relative to the session's working folder", example: 'src/main.ts' })
  path!: string;

  @ApiProperty()
  isFolder!: boolean;
}

export class SessionFilesDto implements FoundFiles {
  @ApiProperty({
    type: [FoundFileDto],
    description: 'The best matches, best first. There are no further pages; a more specific query finds other files',
  })
  files!: FoundFileDto[];

  @ApiProperty({ description: 'Whether the folder has more files than were searched' })
  truncated!: boolean;
}
