import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SessionIdParam } from '../../../platform/http/id-param.js';
import { cutOut, WholeListQueryDto } from '../../../platform/http/whole-list.js';
import { type Caller, CurrentCaller } from '../../auth/index.js';
import { AskWorker, SessionAccess } from '../../sessions/index.js';
import { entryUnknown } from '../entry-unknown.js';
import { TranscriptRepository } from '../transcript.repository.js';
import { BranchRepository } from './branch.repository.js';
import { BranchesDto, ChangeBranchDto } from './branches.dto.js';
import { forkView } from './fork-view.js';

/** Lists the branches of a conversation, and switches between them. */
@ApiTags('sessions')
@Controller('sessions/:sessionId')
export class BranchesController {
  constructor(
    private readonly access: SessionAccess,
    private readonly branches: BranchRepository,
    private readonly transcripts: TranscriptRepository,
    private readonly worker: AskWorker,
  ) {}

  @Get('branches')
  @ApiOperation({ operationId: 'listBranches', summary: 'Points at which the conversation has more than one branch' })
  @ApiOkResponse({ type: BranchesDto })
  async list(
    @SessionIdParam() sessionId: string,
    @Query() query: WholeListQueryDto,
    @CurrentCaller() caller: Caller,
  ): Promise<BranchesDto> {
    // The number is read before the forks: they may include later events, but never fewer.
    const { transcribedSeq } = await this.access.require(sessionId, caller);
    const forks = await this.branches.forks(sessionId);
    const { page, ...next } = cutOut(forks, query, ({ parentEntryId }) => parentEntryId ?? '');
    return { forks: page.map(forkView), lastSeq: transcribedSeq, ...next };
  }

  @Post('branch')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'changeBranch',
    summary: 'Continue from an earlier entry, or on another branch',
    description:
      'The entries that are left remain in the session as a branch. 409 `session_busy` while the agent is working.',
  })
  @ApiNoContentResponse()
  async change(
    @SessionIdParam() sessionId: string,
    @Body() { entryId, at }: ChangeBranchDto,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    const session = await this.access.require(sessionId, caller);
    if (!(await this.transcripts.entry(sessionId, entryId))) throw entryUnknown();
    await this.worker.run(session, { command: 'branch', entryId, at });
  }
}
