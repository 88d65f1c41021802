import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RunnerIdParam, SessionIdParam } from '../../../platform/http/id-param.js';
import { OperationId } from '../../../platform/http/operation-id.js';
import { Accepts, type AnyCaller, type Caller, CurrentCaller, CurrentCredential } from '../../auth/index.js';
import { SessionAccess } from '../../sessions/index.js';
import { asFiredBy } from './fired-by.js';
import { FireTriggerDto, TriggerFiredDto } from './firing.dto.js';
import { type FiredTrigger, FireTrigger } from './fire-trigger.js';

@ApiTags('triggers')
@Controller()
export class FiringController {
  constructor(
    private readonly sessions: SessionAccess,
    private readonly fireTrigger: FireTrigger,
  ) {}

  @Post('runners/:runnerId/trigger-broadcast')
  @HttpCode(202)
  @Accepts(['person', 'runner', 'service'])
  @ApiOperation({
    operationId: 'broadcastTrigger',
    summary: 'Fire a trigger to all matching subscriptions and listeners of a runner',
  })
  @ApiAcceptedResponse({ type: TriggerFiredDto })
  async broadcast(
    @RunnerIdParam() runnerId: string,
    @Body() request: FireTriggerDto,
    @CurrentCredential() caller: AnyCaller,
    @OperationId() operationId: string,
  ): Promise<TriggerFiredDto> {
    return answer(await this.fireTrigger.broadcast(caller, runnerId, operationId, asFiredBy(caller, request)));
  }

  @Post('sessions/:sessionId/trigger')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'fireTriggerAtSession',
    summary: 'Fire a trigger of any type to one session, regardless of its subscriptions',
  })
  @ApiAcceptedResponse({ type: TriggerFiredDto })
  async atSession(
    @SessionIdParam() sessionId: string,
    @Body() request: FireTriggerDto,
    @CurrentCaller() caller: Caller,
    @OperationId() operationId: string,
  ): Promise<TriggerFiredDto> {
    const session = await this.sessions.require(sessionId, caller);
    return answer(await this.fireTrigger.atSession(session, operationId, request));
  }
}

function answer({ triggerId, matches }: FiredTrigger): TriggerFiredDto {
  const subscriptions = matches.sessions.reduce((sum, { subscriptionIds }) => sum + subscriptionIds.length, 0);
  return { ok: true, triggerId, subscriptions, listeners: matches.listeners.length };
}
