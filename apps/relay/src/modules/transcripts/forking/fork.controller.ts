import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SessionIdParam } from '../../../platform/http/id-param.js';
import { OperationId } from '../../../platform/http/operation-id.js';
import { type Caller, CurrentCaller } from '../../auth/index.js';
import { ForkSession, SessionAccess, SessionStateDto } from '../../sessions/index.js';
import { FindForkPoint } from './find-fork-point.js';
import { ForkSessionDto } from './fork.dto.js';

/** Starts a new session that continues a copy of the conversation. */
@ApiTags('sessions')
@Controller('sessions/:sessionId/fork')
export class ForkController {
  constructor(
    private readonly access: SessionAccess,
    private readonly findForkPoint: FindForkPoint,
    private readonly forkSession: ForkSession,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    operationId: 'forkSession',
    summary: 'Start a new session with a copy of this conversation',
    description:
      'It runs on the same runner and in the same folder; the original is not changed. 422 `nothing_to_fork` if the conversation is empty, `entry_unknown` for an entry that is not a message; 409 `runner_removed`, `runner_too_old`.',
  })
  @ApiAcceptedResponse({ type: SessionStateDto })
  async fork(
    @SessionIdParam() sourceId: string,
    @Body() { entryId, name }: ForkSessionDto,
    @CurrentCaller() caller: Caller,
    @OperationId() sessionId: string,
  ): Promise<SessionStateDto> {
    const source = await this.access.require(sourceId, caller);
    await this.forkSession.run(caller, source, sessionId, {
      entryId: await this.findForkPoint.run(sourceId, entryId),
      name,
    });
    return { sessionId, status: 'pending' };
  }
}
