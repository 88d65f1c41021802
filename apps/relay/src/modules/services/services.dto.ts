import type { ServiceCommand, ServiceLog, ServiceLogLine } from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, IsString, IsUUID, Length, Min } from 'class-validator';
import { ServiceInfoDto } from '../runners/index.js';

const COMMANDS: ServiceCommand[] = ['enable', 'disable', 'restart'];
const DEFAULT_LINES = 500;
const MAX_LINES = 5_000;

export class ServiceListDto {
  @ApiProperty({ type: [ServiceInfoDto] })
  services!: ServiceInfoDto[];

  @ApiPropertyOptional()
  nextCursor?: string;
}

export class ServicePathDto {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  runnerId!: string;

  @ApiProperty()
  @IsString()
  @Length(1, 120)
  serviceId!: string;
}

export class ServiceCommandPathDto extends ServicePathDto {
  @ApiProperty({ enum: COMMANDS, enumName: 'ServiceCommand' })
  @IsIn(COMMANDS)
  command!: ServiceCommand;
}

export class ServiceCommandAnswerDto {
  @ApiProperty()
  ok!: boolean;
}

export class ServiceLogQueryDto {
  @ApiPropertyOptional({ type: Number, default: DEFAULT_LINES, maximum: MAX_LINES, description: 'The last lines' })
  @Transform(({ value }: { value: unknown }) => Math.min(Number(value), MAX_LINES))
  @IsInt()
  @Min(1)
  limit: number = DEFAULT_LINES;
}

class ServiceLogLineDto implements ServiceLogLine {
  @ApiProperty({ format: 'date-time' })
  ts!: string;

  @ApiProperty({ enum: ['stdout', 'stderr', 'runner'], description: '`runner`: what the runner says about it' })
  stream!: ServiceLogLine['stream'];

  @ApiProperty()
  text!: string;
}

export class ServiceLogDto implements ServiceLog {
  @ApiProperty({ type: [ServiceLogLineDto], description: 'Oldest first' })
  lines!: ServiceLogLineDto[];

  @ApiProperty({ description: 'There were more before' })
  isTruncated!: boolean;
}
