import { Readable } from 'node:stream';
import { Controller, Get, Param, Res, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { SessionIdParam } from '../../../platform/http/id-param.js';
import { type Caller, CurrentCaller } from '../../auth/index.js';
import { outputHeaders } from './output-headers.js';
import { ReadOutput } from './read-output.js';

/** The output of tools, of which the transcript has only the beginning where it is long. */
@ApiTags('sessions')
@Controller('sessions/:sessionId/transcript/:entryId/output')
export class OutputsController {
  constructor(private readonly readOutput: ReadOutput) {}

  @Get()
  @ApiOperation({
    operationId: 'getToolOutput',
    summary: 'The whole output of a finished tool call, as a text file',
    description:
      "The session's worker reads it from the session's file; a paused session is brought back for it. 404 `entry_unknown`; 409 `no_tool_output` for an entry that is not the result of a tool, `session_ended`, `session_disconnected`, `runner_too_old`.",
  })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  async read(
    @SessionIdParam() sessionId: string,
    @Param('entryId') entryId: string,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    const output = await this.readOutput.run(caller, sessionId, entryId);
    response.set(outputHeaders(output));
    return new StreamableFile(Readable.from(output.pieces));
  }
}
