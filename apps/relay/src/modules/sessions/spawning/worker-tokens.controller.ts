import { Body, Controller, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';
import { RunnerIdParam } from '../../../platform/http/id-param.js';
import { NotReplayed } from '../../../platform/http/replay-options.js';
import { Accepts, type AnyCaller, CurrentCredential } from '../../auth/index.js';
import { IssueWorkerToken } from './issue-worker-token.js';

class WorkerTokenRequestDto {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  sessionId!: string;
}

class WorkerTokenDto {
  @ApiProperty({ description: 'Valid for one connection to /agent, for a few minutes' })
  token!: string;
}

@ApiTags('runners')
@Controller('runners/:runnerId/worker-tokens')
export class WorkerTokensController {
  constructor(private readonly issueWorkerToken: IssueWorkerToken) {}

  @Post()
  @Accepts(['person', 'runner'])
  @NotReplayed()
  @ApiOperation({
    operationId: 'createWorkerToken',
    summary: "Issue a token with which a session's worker connects; for runners",
  })
  @ApiCreatedResponse({ type: WorkerTokenDto })
  async create(
    @RunnerIdParam() runnerId: string,
    @Body() { sessionId }: WorkerTokenRequestDto,
    @CurrentCredential() caller: AnyCaller,
  ): Promise<WorkerTokenDto> {
    return { token: await this.issueWorkerToken.run(caller, runnerId, sessionId) };
  }
}
