import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '../../../platform/database/database.js';
import { OperationId } from '../../../platform/http/operation-id.js';
import { pageOf } from '../../../platform/http/page-query.dto.js';
import { invalid, notFound } from '../../../platform/http/problem.error.js';
import { ShownOnce } from '../../../platform/http/replay-options.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import type { Caller } from '../caller.js';
import { CurrentCaller } from '../current-caller.js';
import { CloseCredential } from '../sockets/close-credential.js';
import { ApiKeyRepository } from './api-key.repository.js';
import { ApiKeyListDto, ApiKeyPageDto, CreateApiKeyDto, NewApiKeyDto, toApiKeyDto } from './api-keys.dto.js';

@ApiTags('api-keys')
@Controller('api-keys')
export class ApiKeysController {
  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly database: Database,
    private readonly closeCredential: CloseCredential,
    private readonly bus: EventBus,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listApiKeys', summary: "The caller's keys, newest first" })
  @ApiOkResponse({ type: ApiKeyListDto })
  async list(@Query() { limit, cursor }: ApiKeyPageDto, @CurrentCaller() caller: Caller): Promise<ApiKeyListDto> {
    const found = await this.keys.page(caller.userId, cursor ?? null, limit + 1);
    const { page, ...next } = pageOf(found, limit, (key) => key.keyId);
    return { apiKeys: page.map(toApiKeyDto), ...next };
  }

  @Post()
  @ShownOnce(['key'])
  @ApiOperation({
    operationId: 'createApiKey',
    summary: 'Create an API key; this response is the only one that contains it',
  })
  @ApiCreatedResponse({ type: NewApiKeyDto })
  async create(
    @Body() body: CreateApiKeyDto,
    @OperationId() operationId: string,
    @CurrentCaller() caller: Caller,
  ): Promise<NewApiKeyDto> {
    const expiresAt = body.expiresAt === undefined ? null : new Date(body.expiresAt);
    if (expiresAt && expiresAt <= new Date()) throw invalid('expiresAt', 'must be in the future');
    const { entity, key } = await this.database.write((manager) =>
      this.keys.create(manager, {
        operationId,
        name: body.name,
        ownerId: caller.userId,
        organisationId: caller.organisationId,
        expiresAt,
      }),
    );
    return { ...toApiKeyDto(entity), key };
  }

  @Delete(':keyId')
  @HttpCode(204)
  @ApiOperation({ operationId: 'revokeApiKey', summary: 'Revoke a key and close the connections made with it' })
  @ApiNoContentResponse()
  async revoke(@Param('keyId') keyId: string, @CurrentCaller() caller: Caller): Promise<void> {
    if (!(await this.keys.revoke(keyId, caller.userId))) throw notFound('API key');
    await this.closeCredential.run({ kind: 'key', keyId });
    await this.bus.publish('api-key.revoked', { keyId });
  }
}
