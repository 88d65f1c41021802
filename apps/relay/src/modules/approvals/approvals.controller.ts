import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiExtraModels, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SessionIdParam } from '../../platform/http/id-param.js';
import { pageOf } from '../../platform/http/page-query.dto.js';
import { type Caller, CurrentCaller } from '../auth/index.js';
import { SessionAccess } from '../sessions/index.js';
import { AnswerApproval } from './answer-approval.js';
import { approvalView } from './approval-view.js';
import { ApprovalRepository } from './approval.repository.js';
import {
  AnswerApprovalDto,
  ApprovalListDto,
  ConsentSubjectDto,
  QuestionSubjectDto,
  ToolSubjectDto,
  ApprovalPageDto,
} from './approvals.dto.js';

@ApiTags('approvals')
@ApiExtraModels(ToolSubjectDto, QuestionSubjectDto, ConsentSubjectDto)
@Controller()
export class ApprovalsController {
  constructor(
    private readonly access: SessionAccess,
    private readonly approvals: ApprovalRepository,
    private readonly answerApproval: AnswerApproval,
  ) {}

  @Get('sessions/:sessionId/approvals')
  @ApiOperation({
    operationId: 'listApprovals',
    summary: "The session's approvals and questions, waiting and answered, newest first",
  })
  @ApiOkResponse({ type: ApprovalListDto })
  async list(
    @SessionIdParam() sessionId: string,
    @Query() { limit, cursor }: ApprovalPageDto,
    @CurrentCaller() caller: Caller,
  ): Promise<ApprovalListDto> {
    const session = await this.access.require(sessionId, caller);
    const rows = await this.approvals.page(sessionId, cursor ?? null, limit + 1);
    const { page, ...next } = pageOf(rows, limit, ({ approvalId }) => approvalId);
    return { approvals: page.map((approval) => approvalView(approval, session)), ...next };
  }

  @Post('approvals/:approvalId')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'answerApproval',
    summary: 'Answer an approval or question; the first answer counts',
    description: 'A later answer gets 409 `approval_answered`, which says who answered first and how.',
  })
  @ApiNoContentResponse()
  async answer(
    @Param('approvalId') approvalId: string,
    @Body() answer: AnswerApprovalDto,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    await this.answerApproval.run(caller, approvalId, { ...answer });
  }
}
