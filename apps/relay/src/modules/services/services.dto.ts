import type { ServiceCommand, ServiceLog, ServiceLogLine } from '@pizzapi/protocol';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, IsUUID, Length } from 'class-validator';
import { NextCursor, PageCursor, PageLimit } from '../../platform/http/page-query.dto.js';
import { ServiceInfoDto } from '../runners/index.js';

const COMMANDS: ServiceCommand[] = ['enable', 'disable', 'restart'];
const DEFAULT_LINES = 500;
const MAX_LINES = 5_000;

export class ServiceListDto {
  @ApiProperty({ type: [ServiceInfoDto] })
  services!: ServiceInfoDto[];

  @NextCursor()
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
  @PageLimit({ standard: DEFAULT_LINES, max: MAX_LINES })
  limit: number = DEFAULT_LINES;

  @PageCursor()
  cursor?: string;
}

class ServiceLogLineDto implements ServiceLogLine {
  @ApiProperty({ format: 'date-time' })
  ts!: string;

  @ApiProperty({
    enum: ['stdout', 'stderr', 'runner'],
    description: '`runner`: a message from the runner about the service',
  })
  stream!: ServiceLogLine['stream'];

  @ApiProperty()
  text!: string;
}

export class ServiceLogDto implements Omit<ServiceLog, 'start'> {
  @ApiProperty({ type: [ServiceLogLineDto], description: 'Oldest first' })
  lines!: ServiceLogLineDto[];

  @ApiProperty({ description: 'Whether there are earlier lines' })
  isTruncated!: boolean;

  @NextCursor('Leads to the lines before these; absent at the beginning of the log')
  nextCursor?: string;
}
