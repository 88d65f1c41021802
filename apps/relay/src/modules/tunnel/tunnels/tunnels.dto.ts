import { IdPrefix, type TunnelTicket, type TunnelView } from '@pizzapi/protocol';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { OptionalField } from '../../../platform/http/optional-field.js';
import { IsName } from '../../../platform/http/is-name.js';
import { NextCursor, PageQueryOf } from '../../../platform/http/page-query.dto.js';

export class OpenTunnelDto {
  @ApiProperty({ description: "A port of the runner's loopback interface", minimum: 1, maximum: 65_535 })
  @IsInt()
  @Min(1)
  @Max(65_535)
  port!: number;

  @ApiPropertyOptional({ minLength: 1, maxLength: 200 })
  @OptionalField()
  @IsName(200)
  name?: string;
}

export class TunnelDto implements TunnelView {
  @ApiProperty()
  tunnelId!: string;

  @ApiProperty({ format: 'uuid' })
  runnerId!: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'Null: it belongs to a service' })
  sessionId!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The service whose panel it is. Null: it belongs to a session',
  })
  serviceId!: string | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Port on the runner; null while the service does not listen on one',
  })
  port!: number | null;

  @ApiProperty()
  name!: string;

  @ApiProperty()
  ownerId!: string;

  @ApiProperty({ enum: ['agent', 'person', 'service'], enumName: 'TunnelOpener' })
  openedBy!: TunnelView['openedBy'];

  @ApiProperty({
    type: String,
    nullable: true,
    description: "The tunnel's own address, which requires a ticket. Null: this relay has no tunnel domain",
  })
  origin!: string | null;

  @ApiProperty({ description: 'Address that opens it in a browser, via the console' })
  url!: string;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;
}

export class TunnelListDto {
  @ApiProperty({ type: [TunnelDto] })
  tunnels!: TunnelDto[];

  @NextCursor()
  nextCursor?: string;
}

export class IssueTicketDto {
  @ApiPropertyOptional({
    description: 'Path to open in the tunnel',
    default: '/',
    maxLength: 4_000,
    example: '/docs?page=2',
  })
  @OptionalField()
  @IsString()
  @MaxLength(4_000)
  // The characters that a URL may contain after the host; all others have to be percent-encoded.
  @Matches(/^\/[\x21-\x7e]*$/, { message: 'starts with "/" and is percent-encoded' })
  path?: string;

  @ApiPropertyOptional({
    enum: ['origin', 'path'],
    description:
      "`origin`: the tunnel's own address, the default if the relay has a tunnel domain. `path`: below `/api/tunnel`, valid for a few minutes",
  })
  @OptionalField()
  @IsIn(['origin', 'path'])
  form?: TunnelTicket['form'];
}

export class TunnelTicketDto implements TunnelTicket {
  @ApiProperty({ description: 'Address to open in a browser; one of the kind `origin` can be used once' })
  url!: string;

  @ApiProperty({ enum: ['origin', 'path'], enumName: 'TunnelForm' })
  form!: TunnelTicket['form'];

  @ApiProperty({ format: 'date-time' })
  expiresAt!: string;
}

export class TunnelPageDto extends PageQueryOf(IdPrefix.tunnel) {}
