import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiExtraModels,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  type ApiResponseOptions,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { SubscriptionView } from '@pizzapi/protocol';
import type { Response } from 'express';
import { SessionIdParam } from '../../../platform/http/id-param.js';
import { OperationId } from '../../../platform/http/operation-id.js';
import { pageOf } from '../../../platform/http/page-query.dto.js';
import { cutOut, WholeListQueryDto } from '../../../platform/http/whole-list.js';
import { type Caller, CurrentCaller } from '../../auth/index.js';
import { RunnerAccess } from '../../runners/index.js';
import { SessionAccess } from '../../sessions/index.js';
import { TriggerTypes } from '../types/trigger-types.js';
import { ChangeSubscriptions } from './change-subscriptions.js';
import { isTriggerType } from '../types/is-trigger-type.js';
import { Subscribe, subscriptionView } from './subscribe.js';
import { SubscriptionRepository } from './subscription.repository.js';
import {
  AvailableTriggersDto,
  ChangeSubscriptionDto,
  CreateSubscriptionDto,
  RemovedCountDto,
  ReplaceSubscriptionDto,
  SubscriptionDto,
  SubscriptionListDto,
  UpdatedCountDto,
  SubscriptionPageDto,
} from './subscriptions.dto.js';

const Target = (): MethodDecorator =>
  ApiParam({
    name: 'target',
    description: 'A `subscriptionId`; or a URL-encoded trigger type for all subscriptions of that type (legacy)',
  });

const CHANGED: ApiResponseOptions = {
  description: 'The subscription; for a trigger type, the number of subscriptions',
  schema: { oneOf: [{ $ref: getSchemaPath(SubscriptionDto) }, { $ref: getSchemaPath(UpdatedCountDto) }] },
};

@ApiTags('triggers')
@Controller('sessions/:sessionId')
export class SubscriptionsController {
  constructor(
    private readonly access: SessionAccess,
    private readonly runners: RunnerAccess,
    private readonly types: TriggerTypes,
    private readonly subscriptions: SubscriptionRepository,
    private readonly subscribe: Subscribe,
    private readonly change: ChangeSubscriptions,
  ) {}

  @Get('available-triggers')
  @ApiOperation({ operationId: 'listAvailableTriggers', summary: 'Trigger types that the session can subscribe to' })
  @ApiOkResponse({ type: AvailableTriggersDto })
  async available(
    @SessionIdParam() sessionId: string,
    @Query() query: WholeListQueryDto,
    @CurrentCaller() caller: Caller,
  ): Promise<AvailableTriggersDto> {
    const { runnerId } = await this.access.require(sessionId, caller);
    const types = await this.types.available(await this.runners.requireItself(runnerId));
    const { page, ...next } = cutOut(types, query, ({ type }) => type);
    return { triggers: page, ...next };
  }

  @Get('trigger-subscriptions')
  @ApiOperation({ operationId: 'listSubscriptions', summary: "The session's subscriptions, oldest first" })
  @ApiOkResponse({ type: SubscriptionListDto })
  async list(
    @SessionIdParam() sessionId: string,
    @Query() { limit, cursor }: SubscriptionPageDto,
    @CurrentCaller() caller: Caller,
  ): Promise<SubscriptionListDto> {
    await this.access.require(sessionId, caller);
    const found = await this.subscriptions.page(sessionId, cursor ?? null, limit + 1);
    const { page, ...rest } = pageOf(found, limit, ({ subscriptionId }) => subscriptionId);
    return { subscriptions: page.map(subscriptionView), ...rest };
  }

  @Post('trigger-subscriptions')
  @ApiOperation({ operationId: 'createSubscription', summary: 'Subscribe the session to a trigger type' })
  @ApiCreatedResponse({ type: SubscriptionDto })
  async create(
    @SessionIdParam() sessionId: string,
    @Body() { triggerType, ...criteria }: CreateSubscriptionDto,
    @CurrentCaller() caller: Caller,
    @OperationId() operationId: string,
  ): Promise<SubscriptionDto> {
    return this.subscribe.run(await this.access.require(sessionId, caller), operationId, triggerType, criteria);
  }

  @Get('trigger-subscriptions/:subscriptionId')
  @ApiOperation({ operationId: 'getSubscription', summary: 'A subscription of the session' })
  @ApiOkResponse({ type: SubscriptionDto })
  async get(
    @SessionIdParam() sessionId: string,
    @Param('subscriptionId') subscriptionId: string,
    @CurrentCaller() caller: Caller,
  ): Promise<SubscriptionDto> {
    return this.change.get(await this.access.require(sessionId, caller), subscriptionId);
  }

  @Put('trigger-subscriptions/:target')
  @Target()
  @ApiExtraModels(SubscriptionDto, UpdatedCountDto)
  @ApiOperation({
    operationId: 'replaceSubscription',
    summary: 'Replace params and filters',
  })
  @ApiOkResponse(CHANGED)
  async replace(
    @SessionIdParam() sessionId: string,
    @Param('target') target: string,
    @Body() { triggerType, ...criteria }: ReplaceSubscriptionDto,
    @CurrentCaller() caller: Caller,
  ): Promise<SubscriptionDto | UpdatedCountDto> {
    const session = await this.access.require(sessionId, caller);
    return changeView(target, await this.change.replace(session, target, criteria, triggerType));
  }

  @Patch('trigger-subscriptions/:target')
  @Target()
  @ApiOperation({
    operationId: 'changeSubscription',
    summary: 'Change params or filters; omitted fields are kept, null removes',
  })
  @ApiOkResponse(CHANGED)
  async merge(
    @SessionIdParam() sessionId: string,
    @Param('target') target: string,
    @Body() { triggerType, ...criteria }: ChangeSubscriptionDto,
    @CurrentCaller() caller: Caller,
  ): Promise<SubscriptionDto | UpdatedCountDto> {
    const session = await this.access.require(sessionId, caller);
    return changeView(target, await this.change.merge(session, target, criteria, triggerType));
  }

  @Delete('trigger-subscriptions/:target')
  @Target()
  @ApiOperation({
    operationId: 'removeSubscription',
    summary: 'Unsubscribe; triggers accepted before are still delivered',
  })
  @ApiOkResponse({ type: RemovedCountDto, description: 'For a trigger type' })
  @ApiNoContentResponse({ description: 'For a `subscriptionId`' })
  async remove(
    @SessionIdParam() sessionId: string,
    @Param('target') target: string,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RemovedCountDto | undefined> {
    const removed = await this.change.remove(await this.access.require(sessionId, caller), target);
    if (isTriggerType(target)) return { removed };
    response.status(204);
    return undefined;
  }
}

function changeView(target: string, changed: SubscriptionView[]): SubscriptionDto | UpdatedCountDto {
  const [first] = changed;
  return !isTriggerType(target) && first ? first : { updated: changed.length };
}
