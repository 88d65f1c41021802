import { IdPrefix } from '@pizzapi/protocol';
import { ApiProperty } from '@nestjs/swagger';
import { IsISO8601 } from 'class-validator';
import { OptionalField } from '../../../platform/http/optional-field.js';
import { ApiKeyScope } from './api-key.scope.js';
import type { ApiKeyEntity } from './api-key.entity.js';
import { IsName } from '../../../platform/http/is-name.js';
import { NextCursor, PageQueryOf } from '../../../platform/http/page-query.dto.js';

export class CreateApiKeyDto {
  @ApiProperty({ example: 'build server' })
  @IsName(120)
  name!: string;

  @ApiProperty({ required: false, format: 'date-time', description: 'Default: the key does not expire.' })
  @OptionalField()
  @IsISO8601({ strict: true })
  expiresAt?: string;
}

export class ApiKeyDto {
  @ApiProperty({ example: 'key_0190…' })
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ description: 'The first characters of the key.' })
  prefix!: string;

  @ApiProperty({ enum: Object.values(ApiKeyScope), enumName: 'ApiKeyScope', isArray: true })
  scopes!: ApiKeyScope[];

  @ApiProperty({ type: String, nullable: true, description: 'The only runner that this key is valid for.' })
  runnerId!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The only service of that runner that this key is valid for.',
  })
  serviceId!: string | null;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  expiresAt!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastUsedAt!: string | null;
}

export class NewApiKeyDto extends ApiKeyDto {
  @ApiProperty({ description: 'The key itself. It is not shown again.', required: false, example: 'pza_…' })
  key!: string;
}

export class ApiKeyListDto {
  @ApiProperty({ type: [ApiKeyDto] })
  apiKeys!: ApiKeyDto[];

  @NextCursor()
  nextCursor?: string;
}

export function toApiKeyDto(key: ApiKeyEntity): ApiKeyDto {
  return {
    id: key.keyId,
    name: key.name,
    prefix: key.prefix,
    scopes: key.scopes,
    runnerId: key.runnerId,
    serviceId: key.serviceId,
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  };
}

export class ApiKeyPageDto extends PageQueryOf(IdPrefix.apiKey) {}
