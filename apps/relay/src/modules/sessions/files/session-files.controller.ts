import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SessionIdParam } from '../../../platform/http/id-param.js';
import { type Caller, CurrentCaller } from '../../auth/index.js';
import { SessionAccess } from '../session-access.js';
import { AskWorker } from '../worker-link/ask-worker.js';
import { SessionFilesDto, SessionFilesQueryDto } from './session-files.dto.js';

/** Finds files that a person may want to name to a session's agent. */
@ApiTags('sessions')
@Controller('sessions/:sessionId/files')
export class SessionFilesController {
  constructor(
    private readonly access: SessionAccess,
    private readonly worker: AskWorker,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'findSessionFiles',
    summary: "Search the session's working folder for files by name, within what the agent's tools may read",
  })
  @ApiOkResponse({ type: SessionFilesDto })
  async find(
    @SessionIdParam() sessionId: string,
    @Query() { query, limit }: SessionFilesQueryDto,
    @CurrentCaller() caller: Caller,
  ): Promise<SessionFilesDto> {
    return this.worker.findFiles(await this.access.require(sessionId, caller), { query, limit });
  }
}
