import { type FoundFile, type FoundFiles, MAX_FILE_QUERY, MAX_FOUND_FILES } from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { OptionalField } from '../../../platform/http/optional-field.js';
import { DEFAULT_LIMIT, PageLimit } from '../../../platform/http/page-query.dto.js';

export class SessionFilesQueryDto {
  @ApiPropertyOptional({ description: 'What is typed of a name or path; without it the files near the top' })
  @OptionalField()
  @IsString()
  @MaxLength(MAX_FILE_QUERY)
  query: string = '';

  @PageLimit({ max: MAX_FOUND_FILES })
  limit: number = DEFAULT_LIMIT;
}

class FoundFileDto implements FoundFile {
  @ApiProperty({ description: "From the session's working folder on", example: 'src/main.ts' })
  path!: string;

  @ApiProperty()
  isFolder!: boolean;
}

export class SessionFilesDto implements FoundFiles {
  @ApiProperty({
    type: [FoundFileDto],
    description: 'The best matches, the best first. There is no next page: a longer query finds the rest',
  })
  files!: FoundFileDto[];

  @ApiProperty({ description: 'The folder has more files than were looked through' })
  truncated!: boolean;
}
