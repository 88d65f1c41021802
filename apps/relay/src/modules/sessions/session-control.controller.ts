import { Body, Controller, Delete, HttpCode, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SessionIdParam } from '../../platform/http/id-param.js';
import { OperationId } from '../../platform/http/operation-id.js';
import { type Caller, CurrentCaller } from '../auth/index.js';
import { EndSessionTree } from './children/end-session-tree.js';
import { SessionAccess } from './session-access.js';
import { ModelRefDto, SessionStateDto, WithChildrenQueryDto } from './sessions.dto.js';
import { ResumeSession } from './spawning/resume-session.js';
import { AskWorker } from './worker-link/ask-worker.js';

/** Starting and ending a session's worker, and telling a running one what to do. */
@ApiTags('sessions')
@Controller('sessions/:sessionId')
export class SessionControlController {
  constructor(
    private readonly access: SessionAccess,
    private readonly resumeSession: ResumeSession,
    private readonly endTree: EndSessionTree,
    private readonly worker: AskWorker,
  ) {}

  @Post('stop')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'stopSession',
    summary: 'End an active session or cancel a pending one; it has ended once its status says so',
  })
  @ApiAcceptedResponse({ type: SessionStateDto })
  async stop(
    @SessionIdParam() sessionId: string,
    @Query() { withChildren }: WithChildrenQueryDto,
    @CurrentCaller() caller: Caller,
  ): Promise<SessionStateDto> {
    const session = await this.access.require(sessionId, caller);
    return { sessionId, status: (await this.endTree.stop(session, withChildren === 'true')) ?? session.status };
  }

  @Post('resume')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'resumeSession',
    summary: 'Start an ended or failed session again from its session file',
  })
  @ApiAcceptedResponse({ type: SessionStateDto })
  async resume(
    @SessionIdParam() sessionId: string,
    @CurrentCaller() caller: Caller,
    @OperationId() operationId: string,
  ): Promise<SessionStateDto> {
    await this.resumeSession.run(await this.access.require(sessionId, caller), operationId);
    return { sessionId, status: 'pending' };
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({
    operationId: 'deleteSession',
    summary: 'End a session and delete it with its transcript and its session file',
  })
  @ApiNoContentResponse()
  async remove(
    @SessionIdParam() sessionId: string,
    @Query() { withChildren }: WithChildrenQueryDto,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    await this.endTree.delete(await this.access.require(sessionId, caller), withChildren === 'true');
  }

  @Post('abort')
  @HttpCode(204)
  @ApiOperation({ operationId: 'abortTurn', summary: "Interrupt the agent's current turn" })
  @ApiNoContentResponse()
  async abort(@SessionIdParam() sessionId: string, @CurrentCaller() caller: Caller): Promise<void> {
    await this.worker.run(await this.access.require(sessionId, caller), { command: 'abort' });
  }

  @Post('continue')
  @HttpCode(204)
  @ApiOperation({ operationId: 'continueTurn', summary: 'Continue an interrupted turn' })
  @ApiNoContentResponse()
  async continue(@SessionIdParam() sessionId: string, @CurrentCaller() caller: Caller): Promise<void> {
    await this.worker.run(await this.access.require(sessionId, caller), { command: 'continue' });
  }

  @Post('model')
  @HttpCode(204)
  @ApiOperation({ operationId: 'setModel', summary: 'Switch the model, beginning with the next model call' })
  @ApiNoContentResponse()
  async setModel(
    @SessionIdParam() sessionId: string,
    @Body() { provider, id }: ModelRefDto,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    await this.worker.run(await this.access.require(sessionId, caller), {
      command: 'set-model',
      model: { provider, id },
    });
  }
}
