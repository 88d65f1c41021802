import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SessionIdParam } from '../../../platform/http/id-param.js';
import { PlacedPageQueryDto } from '../../../platform/http/page-query.dto.js';
import { type Caller, CurrentCaller } from '../../auth/index.js';
import { entryOf, TriggerHistory, WaitingTriggers } from '../../deliveries/index.js';
import { SessionAccess } from '../../sessions/index.js';
import { TriggerHistoryDto, TriggerStateDto, type WaitingTriggerDto, WaitingTriggersDto } from './history.dto.js';
import { TriggerState } from './trigger-state.js';

@ApiTags('triggers')
@Controller()
export class HistoryController {
  constructor(
    private readonly sessions: SessionAccess,
    private readonly history: TriggerHistory,
    private readonly waitingTriggers: WaitingTriggers,
    private readonly state: TriggerState,
  ) {}

  @Get('triggers/:triggerId')
  @ApiOperation({ operationId: 'getTrigger', summary: 'A trigger and the state of each of its deliveries' })
  @ApiOkResponse({ type: TriggerStateDto })
  async get(@Param('triggerId') triggerId: string, @CurrentCaller() caller: Caller): Promise<TriggerStateDto> {
    return this.state.of(triggerId, caller);
  }

  @Get('sessions/:sessionId/triggers')
  @ApiOperation({
    operationId: 'listTriggerHistory',
    summary: 'Triggers that the session has received or fired, newest first',
  })
  @ApiOkResponse({ type: TriggerHistoryDto })
  async list(
    @SessionIdParam() sessionId: string,
    @Query() { limit, cursor }: PlacedPageQueryDto,
    @CurrentCaller() caller: Caller,
  ): Promise<TriggerHistoryDto> {
    await this.sessions.require(sessionId, caller);
    const { page, ...next } = await this.history.page(sessionId, limit, cursor);
    return { triggers: page, ...next };
  }

  @Get('sessions/:sessionId/waiting-triggers')
  @ApiOperation({
    operationId: 'listWaitingTriggers',
    summary: 'Triggers that were accepted for the session and not received yet',
  })
  @ApiOkResponse({ type: WaitingTriggersDto })
  async waiting(
    @SessionIdParam() sessionId: string,
    @Query() { limit, cursor }: PlacedPageQueryDto,
    @CurrentCaller() caller: Caller,
  ): Promise<WaitingTriggersDto> {
    const { runnerId } = await this.sessions.require(sessionId, caller);
    const { page, ...next } = await this.waitingTriggers.page({ sessionId, runnerId }, limit, cursor);
    const triggers = page.map(({ deliveryId, trigger, timesSent }): WaitingTriggerDto => {
      const state = timesSent > 0 ? 'sent' : 'waiting';
      return { ...entryOf(trigger, deliveryId, trigger.ts), state, attempts: timesSent };
    });
    return { triggers, ...next };
  }

  @Delete('sessions/:sessionId/triggers')
  @HttpCode(204)
  @ApiOperation({ operationId: 'clearTriggerHistory', summary: "Clear the session's trigger history" })
  @ApiNoContentResponse()
  async clear(@SessionIdParam() sessionId: string, @CurrentCaller() caller: Caller): Promise<void> {
    await this.sessions.require(sessionId, caller);
    await this.history.clear(sessionId);
  }
}
