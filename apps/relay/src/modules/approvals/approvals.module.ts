import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { SessionsModule } from '../sessions/index.js';
import { AnswerApproval } from './answer-approval.js';
import { ApprovalRepository } from './approval.repository.js';
import { ApprovalsController } from './approvals.controller.js';

/** Agents' requests to people, and the answers. */
@Module({
  imports: [AuthModule, SessionsModule],
  controllers: [ApprovalsController],
  providers: [ApprovalRepository, AnswerApproval],
  exports: [AnswerApproval],
})
export class ApprovalsModule {}
