import { ApiProperty } from '@nestjs/swagger';
import { IsString, IsUUID, MaxLength } from 'class-validator';
import { IsName } from '../../../platform/http/is-name.js';

export class EnrolRunnerDto {
  @ApiProperty({ description: "The content of `enrolment-secret` in the relay's data directory." })
  @IsString()
  @MaxLength(128)
  secret!: string;

  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  runnerId!: string;

  @ApiProperty({ minLength: 1, maxLength: 120 })
  @IsName(120)
  name!: string;
}

export class EnrolledRunnerDto {
  @ApiProperty({ description: "The runner's API key. It is not shown again.", example: 'pza_…' })
  apiKey!: string;
}
