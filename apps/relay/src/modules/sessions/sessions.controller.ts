import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SessionIdParam } from '../../platform/http/id-param.js';
import { OperationId } from '../../platform/http/operation-id.js';
import { type Caller, CurrentCaller } from '../auth/index.js';
import { RunnerAccess } from '../runners/index.js';
import { EditSession } from './edit-session.js';
import { ListRecentFolders } from './list-recent-folders.js';
import { ListSessions } from './list-sessions.js';
import { SessionAccess } from './session-access.js';
import { SessionViews } from './session-views.js';
import {
  CreateSessionDto,
  RecentFoldersDto,
  RecentFoldersQueryDto,
  SessionListQueryDto,
  SessionStateDto,
  UpdateSessionDto,
} from './sessions.dto.js';
import { SessionDto, SessionListDto } from './session-view.dto.js';
import { CreateSession } from './spawning/create-session.js';

@ApiTags('sessions')
@Controller('sessions')
export class SessionsController {
  constructor(
    private readonly access: SessionAccess,
    private readonly views: SessionViews,
    private readonly runners: RunnerAccess,
    private readonly listSessions: ListSessions,
    private readonly listRecentFolders: ListRecentFolders,
    private readonly createSession: CreateSession,
    private readonly editSession: EditSession,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    operationId: 'createSession',
    summary: 'Start a session; it waits if its runner is offline',
  })
  @ApiAcceptedResponse({ type: SessionStateDto })
  async create(
    @Body() request: CreateSessionDto,
    @CurrentCaller() caller: Caller,
    @OperationId() sessionId: string,
  ): Promise<SessionStateDto> {
    const { parentSessionId } = request;
    const parent = parentSessionId === undefined ? null : await this.access.require(parentSessionId, caller);
    await this.createSession.run(caller, sessionId, request, parent);
    return { sessionId, status: 'pending' };
  }

  @Get()
  @ApiOperation({
    operationId: 'listSessions',
    summary: "The caller's sessions: pinned ones first, then by latest change",
  })
  @ApiOkResponse({ type: SessionListDto })
  list(@Query() query: SessionListQueryDto, @CurrentCaller() caller: Caller): Promise<SessionListDto> {
    return this.listSessions.run(caller, query);
  }

  @Get('recent-folders')
  @ApiOperation({
    operationId: 'listRecentFolders',
    summary: "Folders of the caller's sessions on a runner, most recently used first",
  })
  @ApiOkResponse({ type: RecentFoldersDto })
  async recentFolders(
    @Query() query: RecentFoldersQueryDto,
    @CurrentCaller() caller: Caller,
  ): Promise<RecentFoldersDto> {
    await this.runners.require(query.runnerId, caller);
    return this.listRecentFolders.run(caller, query);
  }

  @Get(':sessionId')
  @ApiOperation({ operationId: 'getSession', summary: 'A session' })
  @ApiOkResponse({ type: SessionDto })
  async get(@SessionIdParam() sessionId: string, @CurrentCaller() caller: Caller): Promise<SessionDto> {
    return this.views.forOne(await this.access.require(sessionId, caller));
  }

  @Patch(':sessionId')
  @ApiOperation({ operationId: 'updateSession', summary: 'Rename a session' })
  @ApiOkResponse({ type: SessionDto })
  async update(
    @SessionIdParam() sessionId: string,
    @Body() { name }: UpdateSessionDto,
    @CurrentCaller() caller: Caller,
  ): Promise<SessionDto> {
    const session = await this.access.require(sessionId, caller);
    return this.views.forOne(await this.editSession.rename(session, name));
  }

  @Put(':sessionId/pin')
  @HttpCode(204)
  @ApiOperation({ operationId: 'pinSession', summary: 'Keep a session at the top of the list' })
  @ApiNoContentResponse()
  async pin(@SessionIdParam() sessionId: string, @CurrentCaller() caller: Caller): Promise<void> {
    await this.editSession.pin(await this.access.require(sessionId, caller), true);
  }

  @Delete(':sessionId/pin')
  @HttpCode(204)
  @ApiOperation({ operationId: 'unpinSession', summary: 'Unpin a session' })
  @ApiNoContentResponse()
  async unpin(@SessionIdParam() sessionId: string, @CurrentCaller() caller: Caller): Promise<void> {
    await this.editSession.pin(await this.access.require(sessionId, caller), false);
  }
}
