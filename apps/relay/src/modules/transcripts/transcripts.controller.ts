import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SessionIdParam } from '../../platform/http/id-param.js';
import { type Caller, CurrentCaller } from '../auth/index.js';
import { SessionAccess } from '../sessions/index.js';
import { TranscriptPageDto, TranscriptQueryDto } from './transcripts.dto.js';
import { TranscriptRepository } from './transcript.repository.js';

@ApiTags('sessions')
@Controller('sessions/:sessionId/transcript')
export class TranscriptsController {
  constructor(
    private readonly access: SessionAccess,
    private readonly transcripts: TranscriptRepository,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'getTranscript',
    summary: 'A page of the transcript, oldest entry first; without `before` and `after`, its end',
  })
  @ApiOkResponse({ type: TranscriptPageDto })
  async page(
    @SessionIdParam() sessionId: string,
    @Query() query: TranscriptQueryDto,
    @CurrentCaller() caller: Caller,
  ): Promise<TranscriptPageDto> {
    await this.access.require(sessionId, caller);
    return this.transcripts.page(sessionId, { before: query.before, after: query.after, limit: query.limit });
  }
}
