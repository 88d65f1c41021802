import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { MAX_PORT_RANGES, PORT_RANGE, type RoleTunnels, type TunnelPolicy } from '@pizzapi/protocol';
import { ArrayMaxSize, IsArray, IsBoolean, Matches } from 'class-validator';
import { applyDecorators } from '@nestjs/common';
import { NestedObject } from '../../../platform/http/nested.js';
import { OptionalField } from '../../../platform/http/optional-field.js';

class RoleTunnelsDto implements RoleTunnels {
  @ApiPropertyOptional({
    type: [String],
    maxItems: MAX_PORT_RANGES,
    example: ['3000-3999', '5173'],
    description: 'Ports that sessions may expose; default: all; empty: none',
  })
  @OptionalField()
  @IsArray()
  @ArrayMaxSize(MAX_PORT_RANGES)
  @Matches(new RegExp(PORT_RANGE), { each: true, message: 'each has to be a port such as 5173, or a range: 3000-3999' })
  ports?: string[];

  @ApiPropertyOptional({ default: true, description: 'Whether panels of services may be opened' })
  @OptionalField()
  @IsBoolean()
  panels?: boolean;
}

function OfRole(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: RoleTunnelsDto, description: 'Default: everything is allowed' }),
    OptionalField(),
    NestedObject(() => RoleTunnelsDto),
  );
}

export class TunnelPolicyDto implements TunnelPolicy {
  @OfRole()
  owner?: RoleTunnelsDto;

  @OfRole()
  admin?: RoleTunnelsDto;

  @OfRole()
  member?: RoleTunnelsDto;

  @OfRole()
  reader?: RoleTunnelsDto;
}

class TunnelPolicyAuthorDto {
  @ApiProperty()
  userId!: string;

  @ApiProperty()
  name!: string;
}

export class TunnelPolicyViewDto {
  @ApiProperty({ type: TunnelPolicyDto })
  policy!: TunnelPolicyDto;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Null: the organisation has none' })
  updatedAt!: string | null;

  @ApiProperty({ type: TunnelPolicyAuthorDto, nullable: true })
  updatedBy!: TunnelPolicyAuthorDto | null;
}
