export { AnswerApproval } from './answer-approval.js';
export { applyApprovals } from './apply-approvals.js';
export { ApprovalEntity } from './approval.entity.js';
export { ApprovalsModule } from './approvals.module.js';
